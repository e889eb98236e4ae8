package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Compares what a job writes with the table that is there. */
final class ServedFit {
    private static final Set<String> SPECIFICATIONS = Set.of("timePartitioning", "rangePartitioning", "clustering");

    private ServedFit() {}

    /**
     * Refuses another partitioning or clustering than the table's. A job that names none is not compared. The words are those of
     * <a href="https://github.com/mozilla/bigquery-etl/issues/1968">mozilla/bigquery-etl#1968</a>, whose fix was to name none; that a
     * job for a clustered table must name its columns, where it names a partitioning, was measured by
     * <a href="https://github.com/flink-gcp/flink-connector-gcp">flink-connector-gcp</a> (ADR-0183).
     */
    static void refuseOtherPartitions(ServedTable table, JsonNode job) {
        if (SPECIFICATIONS.stream().noneMatch(job::has)) {
            return;
        }
        String expected =
                specification(name -> Optional.ofNullable(table.settings().get(name)));
        String given = specification(name -> Optional.of(job.path(name)).filter(node -> !node.isMissingNode()));
        if (!expected.equals(given)) {
            throw RefusedException.invalid("Incompatible table partitioning specification. Expects partitioning"
                    + " specification " + expected + ", but input partitioning specification is " + given);
        }
    }

    private static String specification(Function<String, Optional<JsonNode>> named) {
        List<String> parts = new ArrayList<>();
        named.apply("timePartitioning")
                .map(days -> "interval(type:"
                        + days.path("type").asString("DAY").toLowerCase(Locale.ROOT)
                        + (days.has("field") ? ",field:" + days.path("field").asString() : "") + ")")
                .ifPresent(parts::add);
        named.apply("rangePartitioning")
                .map(range -> "range(field:" + range.path("field").asString() + "," + range.path("range") + ")")
                .ifPresent(parts::add);
        named.apply("clustering")
                .map(columns -> columns.path("fields").valueStream().map(JsonNode::asString))
                .map(columns -> columns.collect(Collectors.joining(",", "clustering(", ")")))
                .ifPresent(parts::add);
        return parts.isEmpty() ? "none" : String.join(" ", parts);
    }

    /**
     * Refuses a file whose columns are not those that a job declares.
     *
     * <p>A declared NULLABLE for a column that the file requires is refused in the words of
     * <a href="https://github.com/googleapis/java-bigquery/issues/13">java-bigquery#13</a>; whether the service still does so for the
     * key of a map is not known. The reverse is accepted
     * (<a href="https://github.com/googleapis/python-bigquery/issues/1981">python-bigquery#1981</a>).
     */
    static void refuseFile(ServedName table, List<ServedColumn> declared, List<ServedColumn> file) {
        refuse(mismatch(table), declared, file);
        file.forEach(column -> refuseRequired("", declared, column));
    }

    private static void refuseRequired(String prefix, List<ServedColumn> declared, ServedColumn column) {
        String name = prefix + column.name();
        ServedColumn known = byName(declared).get(column.name());
        if (column.mode() == Mode.REQUIRED && known.mode() == Mode.NULLABLE) {
            throw RefusedException.invalid(
                    "Error while reading data, error message: Provided schema is not compatible with the file. Field '"
                            + name + "' is specified as NULLABLE in provided schema which does not match REQUIRED as"
                            + " specified in the file.");
        }
        column.fields().forEach(field -> refuseRequired(name + ".", known.fields(), field));
    }

    /**
     * Refuses columns that a table has not, or has otherwise. A mode is neither relaxed nor tightened
     * (<a href="https://cloud.google.com/bigquery/docs/managing-table-schemas">Modifying table schemas</a>).
     */
    static void refuseColumns(ServedName table, List<ServedColumn> existing, List<ServedColumn> written) {
        refuse(mismatch(table), existing, written);
        written.forEach(column -> refuseModes(mismatch(table), "", existing, column));
        refuseMissing(existing, written);
    }

    /**
     * As {@link #refuseColumns}, for the result of a query, in which every column is NULLABLE whatever was selected
     * (<a href="https://github.com/googleapis/python-bigquery/issues/73">python-bigquery#73</a>).
     */
    static void refuseResult(List<ServedColumn> existing, List<ServedColumn> result) {
        String wrong = "Invalid schema update. ";
        refuse(wrong, existing, result);
        result.forEach(column -> refuseModes(wrong, "", existing, column));
        refuseMissing(existing, result);
    }

    private static String mismatch(ServedName table) {
        return "Provided Schema does not match Table " + table.withoutPartition() + ". ";
    }

    private static void refuseMissing(List<ServedColumn> existing, List<ServedColumn> written) {
        existing.stream()
                .filter(column ->
                        column.mode() == Mode.REQUIRED && !byName(written).containsKey(column.name()))
                .findFirst()
                .ifPresent(missing -> {
                    throw RefusedException.invalid("Missing required field: " + missing.name() + ".");
                });
    }

    private static void refuse(String wrong, List<ServedColumn> expected, List<ServedColumn> found) {
        found.forEach(column -> refuse(wrong, "", expected, column));
    }

    private static void refuse(String wrong, String prefix, List<ServedColumn> expected, ServedColumn column) {
        String name = prefix + column.name();
        ServedColumn known = byName(expected).get(column.name());
        if (known == null) {
            throw RefusedException.invalid(wrong + "Cannot add fields (field: " + name + ")");
        }
        if (known.repeated() != column.repeated()) {
            throw RefusedException.invalid(
                    wrong + "Field " + name + " has changed mode from " + known.mode() + " to " + column.mode());
        }
        if (!known.type().equals(column.type())) {
            throw RefusedException.invalid(
                    wrong + "Field " + name + " has changed type from " + known.type() + " to " + column.type());
        }
        column.fields().forEach(field -> refuse(wrong, name + ".", known.fields(), field));
    }

    private static void refuseModes(String wrong, String prefix, List<ServedColumn> existing, ServedColumn column) {
        String name = prefix + column.name();
        ServedColumn known = byName(existing).get(column.name());
        if (known.mode() != column.mode()) {
            throw RefusedException.invalid(
                    wrong + "Field " + name + " has changed mode from " + known.mode() + " to " + column.mode());
        }
        column.fields().forEach(field -> refuseModes(wrong, name + ".", known.fields(), field));
    }

    /** The values of a table's columns, of which the source may lack some. */
    static String values(List<ServedColumn> stored, Map<String, String> types) {
        return stored.stream()
                .map(column -> types.containsKey(column.name())
                        ? column.stored(types.get(column.name()))
                        : "CAST(" + (column.repeated() ? "[]" : "NULL") + " AS " + column.duckdb() + ") AS "
                                + ServedRows.name(column.name()))
                .collect(Collectors.joining(", "));
    }

    static Map<String, ServedColumn> byName(List<ServedColumn> columns) {
        return columns.stream().collect(Collectors.toMap(ServedColumn::name, column -> column));
    }
}
