package io.modelbatch.report;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The reports of runs, each {@code report.json} in its run's folder. */
public final class RunReports {
    private final ObjectStore store;

    /** In that store. */
    public RunReports(ObjectStore store) {
        this.store = store;
    }

    /** Where a person finds the report of a run: a path, or its address. */
    public String location(ObjectUri folder) {
        return store.location(uri(folder));
    }

    /** Writes the report of a run; that of its last execution replaces those before. */
    public void write(ObjectUri folder, RunReport report) throws IOException {
        ObjectUri uri = uri(folder);
        // Made here: most commands write none, and Jackson takes a while to start.
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        store.replace(uri, json.writeValueAsBytes(report), store.find(uri));
    }

    /** The report of a run as JSON; empty when it has none yet. */
    public Optional<byte[]> read(ObjectUri folder) throws IOException {
        ObjectUri uri = uri(folder);
        return store.find(uri).isEmpty() ? Optional.empty() : Optional.of(store.read(uri));
    }

    private static ObjectUri uri(ObjectUri folder) {
        return folder.child("report.json");
    }
}
