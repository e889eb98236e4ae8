package io.modelbatch.report;

import io.modelbatch.facts.Distributions;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The reports of runs, each {@code report.json} and the page {@code report.html} in its run's folder. */
public final class RunReports {
    /** The name of the data in the run's folder. */
    static final String DATA = "report.json";

    /** The name of the page beside it. */
    static final String PAGE = "report.html";

    private static final Logger log = LoggerFactory.getLogger(RunReports.class);

    private final ObjectStore store;

    /** In that store. */
    public RunReports(ObjectStore store) {
        this.store = store;
    }

    /** Where a program finds the report of a run: a path, or its address. */
    public String location(ObjectUri folder) {
        return store.location(uri(folder));
    }

    /** Where a person opens the report of a run: a path, or its address. */
    public String page(ObjectUri folder) {
        return store.location(folder.child(PAGE));
    }

    /** Writes the report of a run; that of its last execution replaces those before. */
    public void write(ObjectUri folder, RunReport report) throws IOException {
        replace(folder, report, find(folder));
    }

    /** The report of a run that is there; empty where there is none. */
    public Optional<StoredObject> find(ObjectUri folder) throws IOException {
        return store.find(uri(folder));
    }

    /**
     * Writes the report of a run, if the one that is there still is what the caller saw.
     *
     * @param expected the result of {@link #find}
     * @throws ObjectExistsException when it is another one by now; nothing was written
     */
    public void replace(ObjectUri folder, RunReport report, Optional<StoredObject> expected) throws IOException {
        store.replace(uri(folder), json(report), expected);
        replacePage(folder, report, findPage(folder));
    }

    /** The page of a run that is there; empty where there is none. */
    public Optional<StoredObject> findPage(ObjectUri folder) throws IOException {
        return store.find(folder.child(PAGE));
    }

    /**
     * Writes the page of a run alone, if the one that is there still is what the caller saw.
     *
     * @param expected the result of {@link #findPage}
     * @throws ObjectExistsException when it is another one by now; nothing was written
     */
    public void replacePage(ObjectUri folder, RunReport report, Optional<StoredObject> expected) throws IOException {
        String html = new ReportPage(report, folder, Instant.now()).html();
        store.replace(folder.child(PAGE), html.getBytes(StandardCharsets.UTF_8), expected);
    }

    /** A report as it is written. */
    public static byte[] json(RunReport report) {
        // Made here: most commands write none, and Jackson takes a while to start.
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return json.writeValueAsBytes(report);
    }

    /** The report of a run as JSON; empty when it has none yet. */
    public Optional<byte[]> read(ObjectUri folder) throws IOException {
        ObjectUri uri = uri(folder);
        return store.find(uri).isEmpty() ? Optional.empty() : Optional.of(store.read(uri));
    }

    /** The distributions in the report of a run, by the name of the step; none where the report is not there or cannot be read. */
    public Map<String, Distributions> distributions(ObjectUri folder) throws IOException {
        Map<String, Distributions> all = new HashMap<>();
        Optional<byte[]> report = read(folder);
        if (report.isPresent()) {
            JsonMapper json = JsonMapper.shared();
            try {
                for (JsonNode step : json.readTree(report.get()).path("steps")) {
                    JsonNode found = step.path("figures").path("distributions");
                    if (found.isObject()) {
                        all.put(step.path("name").asString(), json.treeToValue(found, Distributions.class));
                    }
                }
            } catch (JacksonException e) {
                log.warn("The report in {} cannot be read, so no run is compared with it", folder, e);
            }
        }
        return all;
    }

    private static ObjectUri uri(ObjectUri folder) {
        return folder.child(DATA);
    }
}
