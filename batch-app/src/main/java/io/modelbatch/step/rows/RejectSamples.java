package io.modelbatch.step.rows;

import io.modelbatch.facts.RejectReason;
import io.modelbatch.facts.RejectReason.Sample;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The first rejected rows of a step, read from the committed objects with its rejects. Bounded, whatever the number of rejects. */
public final class RejectSamples {
    private static final int OBJECTS = 10;
    private static final int BYTES = 1 << 16;
    private static final int SAMPLES = 3;
    private static final int LONGEST_VALUE = 200;

    private final JdbcClient jdbc;
    private final ObjectStore store;
    private final JsonMapper json = JsonMapper.builder().build();

    RejectSamples(JdbcClient jdbc, ObjectStore store) {
        this.jdbc = jdbc;
        this.store = store;
    }

    /** A reason without its numbers, which differ from row to row. */
    public static String kind(String reason) {
        return reason.replaceAll("\\d+", "…");
    }

    /**
     * The reasons, each with its first rows.
     *
     * @param run the id of the run's job instance
     * @param folder of the rejects
     */
    public List<RejectReason> of(long run, String step, ObjectUri folder, List<RejectReason> reasons)
            throws IOException {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (String object : objects(run, step)) {
            String text = new String(store.beginning(folder.child(name(object)), BYTES), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                add(line, samples);
            }
        }
        return reasons.stream()
                .map(reason -> new RejectReason(
                        reason.reason(), reason.rows(), samples.getOrDefault(reason.reason(), List.of())))
                .toList();
    }

    /** The ledger has the names below the folder of the result. */
    private static String name(String object) {
        return object.substring(ShardItemWriter.REJECTS.length() + 1);
    }

    private List<String> objects(long run, String step) {
        return jdbc.sql("select OBJECT_NAME from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and STEP_NAME = ?"
                        + " and REJECTED = 'Y' order by PARTITION_NUMBER, ORDINAL fetch first " + OBJECTS
                        + " rows only")
                .params(run, step)
                .query(String.class)
                .list();
    }

    /** The last line may be truncated. */
    private void add(String line, Map<String, List<Sample>> samples) {
        try {
            JsonNode reject = json.readTree(line);
            List<Sample> its =
                    samples.computeIfAbsent(kind(reject.path("reason").asString("")), reason -> new ArrayList<>());
            if (its.size() < SAMPLES) {
                Map<String, String> row = new LinkedHashMap<>();
                reject.path("row")
                        .properties()
                        .forEach(value -> row.put(
                                value.getKey(), shortened(value.getValue().asString("null"))));
                its.add(new Sample(reject.path("key").asString(""), row));
            }
        } catch (JacksonException e) {
            return;
        }
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_VALUE
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    }
}
