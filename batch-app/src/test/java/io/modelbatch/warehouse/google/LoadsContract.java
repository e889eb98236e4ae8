package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.ParquetOptions;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load jobs, and what they keep of the table that is there. */
public abstract class LoadsContract extends BigQueryContract {
    private static final Schema IDS = Schema.of(Field.of("id", StandardSQLTypeName.INT64));
    private static final Field REQUIRED_ID = Field.newBuilder("id", StandardSQLTypeName.INT64)
            .setMode(Field.Mode.REQUIRED)
            .setDescription("of the line")
            .build();
    private static final ParquetOptions LISTS =
            ParquetOptions.newBuilder().setEnableListInference(true).build();

    @TempDir
    private Path written;

    private String parquet(String name, String select) throws Exception {
        Path file = written.resolve("some.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
        place().put(name, Files.readAllBytes(file));
        return place().objects() + name;
    }

    private Table made(String name) {
        return Objects.requireNonNull(place().bigQuery().getTable(table(name)));
    }

    private FieldList fields(String name) {
        return Objects.requireNonNull(made(name).getDefinition().getSchema()).getFields();
    }

    @Test
    void loads_replace_append_or_need_an_empty_table() throws Exception {
        String one = parquet("loaded-1", "SELECT 1::BIGINT AS id, ['a', 'b'] AS tags");
        TableId table = table("loaded");
        Job first = run(LoadJobConfiguration.newBuilder(table, List.of(one), LISTS)
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .build());
        assertThat(((LoadStatistics) first.getStatistics()).getOutputRows()).isEqualTo(1);
        long created = made("loaded").getCreationTime();
        String two = json("loaded-2", "{\"id\": 2, \"tags\": [\"c\"]}");
        succeed(load("loaded", two)
                .setWriteDisposition(WriteDisposition.WRITE_APPEND)
                .build());
        assertThat(rows("loaded")).containsExactly("[1, [a, b]]", "[2, [c]]");
        assertThat(error(load("loaded", two)
                        .setWriteDisposition(WriteDisposition.WRITE_EMPTY)
                        .build()))
                .extracting(BigQueryError::getReason)
                .isEqualTo("duplicate");
        assertThat(refusal(load("loaded", json("loaded-3", "{\"id\": 3, \"other\": 1}"))
                        .setWriteDisposition(WriteDisposition.WRITE_APPEND)
                        .build()))
                .contains("No such field: other");
        succeed(load("loaded", json("loaded-4", "{\"id\": 3}"))
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .setSchema(Schema.of(
                        Field.of("id", StandardSQLTypeName.INT64), Field.of("score", StandardSQLTypeName.FLOAT64)))
                .build());
        assertThat(rows("loaded")).containsExactly("[3, null]");
        assertThat(made("loaded").getCreationTime())
                .as("creation time after WRITE_TRUNCATE")
                .isEqualTo(created);
        assertThat(error(LoadJobConfiguration.newBuilder(
                                table, List.of(place().objects() + "none"), FormatOptions.parquet())
                        .build()))
                .extracting(BigQueryError::getReason)
                .isEqualTo("notFound");
    }

    @Test
    void without_list_inference_a_list_comes_as_parquet_stores_it() throws Exception {
        String file = parquet("raw", "SELECT ['a'] AS tags, MAP {'a': 0.5} AS scores");
        succeed(LoadJobConfiguration.newBuilder(table("raw"), List.of(file), FormatOptions.parquet())
                .build());
        FieldList fields = fields("raw");
        assertThat(fields.get("tags")
                        .getSubFields()
                        .get("list")
                        .getSubFields()
                        .get(0)
                        .getName())
                .isEqualTo("element");
        assertThat(fields.get("scores").getSubFields().get(0).getName()).isEqualTo("key_value");
    }

    @Test
    void repeated_fields_and_records_are_held_to_the_schema() throws Exception {
        FieldList parts =
                FieldList.of(Field.of("word", StandardSQLTypeName.STRING), Field.of("end", StandardSQLTypeName.INT64));
        Schema schema = Schema.of(
                Field.newBuilder("numbers", StandardSQLTypeName.FLOAT64)
                        .setMode(Field.Mode.REPEATED)
                        .build(),
                Field.newBuilder("parts", StandardSQLTypeName.STRUCT, parts)
                        .setMode(Field.Mode.REPEATED)
                        .build());
        succeed(load(
                        "nested",
                        json(
                                "nested-1",
                                "{\"numbers\": [0.25, -2], \"parts\": [{\"word\": \"a\", \"end\": 3}, {\"end\": 4}]}",
                                "{\"numbers\": null}"))
                .setSchema(schema)
                .build());
        assertThat(rows("nested")).containsExactly("[[0.25, -2.0], [[a, 3], [null, 4]]]", "[[], []]");

        assertThat(error(nested(schema, "{\"numbers\": 0.1}"))).isNotNull();
        assertThat(refusal(nested(schema, "{\"numbers\": [0.1, null]}"))).contains("numbers");
        assertThat(refusal(nested(schema, "{\"parts\": [{\"word\": \"a\", \"from\": 1}]}")))
                .contains("No such field: parts.from");
        assertThat(error(nested(schema, "{\"parts\": [{\"end\": \"far\"}]}"))).isNotNull();
        String other = parquet(
                "nested-2", "SELECT [0.5::DOUBLE] AS numbers, [{'word': 1::BIGINT, 'end': 2::BIGINT}] AS parts");
        assertThat(refusal(LoadJobConfiguration.newBuilder(table("nested"), List.of(other), LISTS)
                        .build()))
                .contains("parts.word has changed type from STRING to INTEGER");
    }

    private LoadJobConfiguration nested(Schema schema, String line) throws Exception {
        return load("nested", json("nested-" + line.hashCode(), line))
                .setSchema(schema)
                .build();
    }

    @Test
    void a_decorator_replaces_one_day() throws Exception {
        Schema schema = Schema.of(Field.of("day", StandardSQLTypeName.DATE), Field.of("id", StandardSQLTypeName.INT64));
        create("daily", schema, days("day"), null);
        succeed(day("daily$20260331", "{\"day\": \"2026-03-31\", \"id\": 1}"));
        succeed(day("daily$20260401", "{\"day\": \"2026-04-01\", \"id\": 2}"));
        succeed(day("daily$20260331", "{\"day\": \"2026-03-31\", \"id\": 3}"));
        assertThat(rows("daily")).containsExactly("[2026-03-31, 3]", "[2026-04-01, 2]");
        assertThat(refusal(day("daily$20260331", "{\"day\": \"2026-03-30\", \"id\": 4}")))
                .contains("Some rows belong to different partitions");
        create("taken", IDS, days(null), null);
        succeed(day("taken$20260331", "{\"id\": 1}"));
        succeed(day("taken$20260401", "{\"id\": 2}"));
        succeed(day("taken$20260401", "{\"id\": 3}"));
        assertThat(rows("taken")).containsExactly("[1]", "[3]");
        assertThat(fields("taken")).hasSize(1);
    }

    private LoadJobConfiguration day(String table, String line) throws Exception {
        return load(table, json("day-" + (table + line).hashCode(), line))
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .build();
    }

    private static TimePartitioning days(@Nullable String column) {
        return TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                .setField(column)
                .build();
    }

    private void create(String name, Schema schema, @Nullable TimePartitioning days, @Nullable String clustered) {
        place().bigQuery()
                .create(TableInfo.of(
                        table(name),
                        StandardTableDefinition.newBuilder()
                                .setSchema(schema)
                                .setTimePartitioning(days)
                                .setClustering(
                                        clustered == null
                                                ? null
                                                : Clustering.newBuilder()
                                                        .setFields(List.of(clustered))
                                                        .build())
                                .build()));
    }

    /** The promise that {@code mode: replace} relies on: nothing but the rows is replaced. */
    @Test
    void truncating_the_data_of_a_table_keeps_what_it_has() throws Exception {
        strict("kept");
        police("kept");
        LoadJobConfiguration.Builder load = load("kept").setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA);

        succeed(load.setSourceUris(List.of(json("kept-1", "{\"id\": 1, \"text\": \"a\"}")))
                .setSchema(Schema.of(REQUIRED_ID, Field.of("text", StandardSQLTypeName.STRING)))
                .build());
        assertKept("kept", "own_region");
        assertThat(refusal(load.setSourceUris(List.of(json("kept-2", "{\"id\": 2}")))
                        .setSchema(IDS)
                        .build()))
                .contains("Field id has changed mode from REQUIRED to NULLABLE");
        assertThat(refusal(load.setSourceUris(List.of(json("kept-3", "{\"id\": 3}")))
                        .setSchema(Schema.of(REQUIRED_ID, Field.of("new", StandardSQLTypeName.INT64)))
                        .build()))
                .contains("Cannot add fields (field: new)");
        assertThat(error(load.setSourceUris(List.of(json("kept-4", "{\"id\": null}")))
                        .setSchema(Schema.of(REQUIRED_ID))
                        .build()))
                .as("a null in a REQUIRED column")
                .isNotNull();
        assertKept("kept", "own_region");
    }

    @Test
    void truncating_a_table_strips_it() throws Exception {
        strict("stripped");
        police("stripped");

        succeed(load("stripped", json("stripped-1", "{\"id\": 1}"))
                .setSchema(IDS)
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .build());

        assertThat(made("stripped").getTableConstraints()).isNull();
        assertThat(place().rowAccessPolicies("stripped")).isEmpty();
        assertThat(fields("stripped"))
                .singleElement()
                .satisfies(id -> assertThat(id.getDescription()).isNull());
    }

    /** The promise that {@code partition:} with {@code mode: replace} relies on. */
    @Test
    void truncating_a_day_keeps_what_the_table_has() throws Exception {
        create("policed", Schema.of(REQUIRED_ID), days(null), null);
        police("policed");

        succeed(load("policed$20260331", json("policed-1", "{\"id\": 1}"))
                .setSchema(Schema.of(REQUIRED_ID))
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .build());

        assertThat(place().rowAccessPolicies("policed")).containsExactly("own_region");
        assertThat(fields("policed").get("id").getMode()).isEqualTo(Field.Mode.REQUIRED);
        assertThat(fields("policed").get("id").getDescription()).isEqualTo("of the line");
    }

    /**
     * The promise that a staged load of a table with REQUIRED columns relies on: a query's result is refused there, and a statement is not.
     */
    @Test
    void a_merge_on_false_replaces_a_day_or_a_table_at_once() throws Exception {
        Schema rows = Schema.of(Field.of("id", StandardSQLTypeName.INT64));
        create("merged", Schema.of(REQUIRED_ID, Field.of("date", StandardSQLTypeName.DATE)), days("date"), null);
        loaded("other", rows, "{\"id\": 3}");
        loaded("null", rows, "{\"id\": null}");
        succeed(load(
                        "merged",
                        json(
                                "merged-1",
                                "{\"id\": 1, \"date\": \"2026-03-30\"}",
                                "{\"id\": 2, \"date\": \"2026-03-31\"}"))
                .setSchema(Schema.of(REQUIRED_ID, Field.of("date", StandardSQLTypeName.DATE)))
                .build());

        String intoDay = "MERGE `%s` AS t USING `%s` AS s ON FALSE"
                + " WHEN NOT MATCHED BY SOURCE AND DATE(t.`date`) = DATE '2026-03-31' THEN DELETE"
                + " WHEN NOT MATCHED THEN INSERT (`id`, `date`) VALUES (`id`, CAST('2026-03-31' AS DATE))";
        succeed(merge(intoDay, "merged", "other"));
        assertThat(rows("merged")).containsExactly("[1, 2026-03-30]", "[3, 2026-03-31]");
        assertThat(error(merge(intoDay, "merged", "null")))
                .as("a null in a REQUIRED column")
                .isNotNull();
        assertThat(rows("merged")).containsExactly("[1, 2026-03-30]", "[3, 2026-03-31]");
        assertThat(fields("merged").get("id").getMode()).isEqualTo(Field.Mode.REQUIRED);

        create("ingested", Schema.of(REQUIRED_ID), days(null), null);
        succeed(merge(
                "MERGE `%s` AS t USING `%s` AS s ON FALSE"
                        + " WHEN NOT MATCHED BY SOURCE AND DATE(t._PARTITIONTIME) = DATE '2026-03-31' THEN DELETE"
                        + " WHEN NOT MATCHED THEN INSERT (`id`, _PARTITIONTIME) VALUES (`id`, CAST('2026-03-31' AS TIMESTAMP))",
                "ingested", "other"));
        assertThat(rows("ingested")).containsExactly("[3]");
    }

    private QueryJobConfiguration merge(String statement, String into, String from) {
        return QueryJobConfiguration.of(
                statement.formatted(BigQueryNames.path(table(into)), BigQueryNames.path(table(from))));
    }

    private void police(String name) throws InterruptedException {
        succeed(QueryJobConfiguration.of("CREATE ROW ACCESS POLICY own_region ON `" + place().project() + "."
                + place().dataset() + "." + name + "` GRANT TO ('allAuthenticatedUsers') FILTER USING (TRUE)"));
    }

    private void strict(String name) {
        Schema schema = Schema.of(REQUIRED_ID, Field.of("text", StandardSQLTypeName.STRING));
        place().bigQuery()
                .create(TableInfo.newBuilder(table(name), StandardTableDefinition.of(schema))
                        .setTableConstraints(TableConstraints.newBuilder()
                                .setPrimaryKey(PrimaryKey.newBuilder()
                                        .setColumns(List.of("id"))
                                        .build())
                                .build())
                        .build());
    }

    private void assertKept(String name, String policy) {
        assertThat(Objects.requireNonNull(made(name).getTableConstraints(), "constraints")
                        .getPrimaryKey()
                        .getColumns())
                .containsExactly("id");
        assertThat(place().rowAccessPolicies(name)).containsExactly(policy);
        assertThat(fields(name).get("id").getMode()).isEqualTo(Field.Mode.REQUIRED);
        assertThat(fields(name).get("id").getDescription()).isEqualTo("of the line");
        assertThat(fields(name)).hasSize(2);
    }

    @Test
    void a_job_names_the_partitioning_of_its_table_or_none() throws Exception {
        Schema schema =
                Schema.of(Field.of("date", StandardSQLTypeName.DATE), Field.of("id", StandardSQLTypeName.INT64));
        create("byday", schema, days("date"), null);
        create("clustered", schema, days(null), "id");
        create("plain", schema, null, null);
        String file = json("partitioned", "{\"date\": \"2026-03-31\", \"id\": 1}");
        String wrong = "Incompatible table partitioning specification.";

        assertThat(refusal(load("byday$20260331", file)
                        .setTimePartitioning(days(null))
                        .build()))
                .startsWith(wrong)
                .contains("interval(type:day,field:date)");
        assertThat(refusal(load("clustered$20260331", file)
                        .setTimePartitioning(days(null))
                        .build()))
                .startsWith(wrong)
                .contains("clustering(id)");
        assertThat(refusal(load("plain", file).setTimePartitioning(days(null)).build()))
                .startsWith(wrong);
        succeed(load("byday$20260331", file).setTimePartitioning(days("date")).build());
        succeed(load("byday$20260331", file).build());
        succeed(load("clustered$20260331", file).build());
    }

    @Test
    void the_key_of_a_map_of_parquet_is_required() throws Exception {
        String file = parquet("maps", "SELECT MAP {'a': 0.5::DOUBLE} AS scores");
        LoadJobConfiguration.Builder load = LoadJobConfiguration.newBuilder(
                table("maps"),
                List.of(file),
                ParquetOptions.newBuilder()
                        .setEnableListInference(true)
                        .setMapTargetType("ARRAY_OF_STRUCT")
                        .build());

        assertThat(refusal(load.setSchema(pairs(Field.Mode.NULLABLE)).build()))
                .contains("is specified as NULLABLE in provided schema which does not match REQUIRED");
        succeed(load.setSchema(pairs(Field.Mode.REQUIRED)).build());
        assertThat(fields("maps").get("scores").getSubFields().get("key").getMode())
                .isEqualTo(Field.Mode.REQUIRED);
    }

    private static Schema pairs(Field.Mode key) {
        FieldList pair = FieldList.of(
                Field.newBuilder("key", StandardSQLTypeName.STRING).setMode(key).build(),
                Field.of("value", StandardSQLTypeName.FLOAT64));
        return Schema.of(Field.newBuilder("scores", StandardSQLTypeName.STRUCT, pair)
                .setMode(Field.Mode.REPEATED)
                .build());
    }

    @Test
    void a_load_from_a_bucket_elsewhere_is_refused() throws Exception {
        String dataset = place().datasetElsewhere();
        String location =
                Objects.requireNonNull(place().bigQuery().getDataset(dataset)).getLocation();
        Job job = run(
                id("elsewhere").toBuilder().setLocation(location).build(),
                LoadJobConfiguration.newBuilder(
                                TableId.of(dataset, "far"), List.of(json("far", "{\"id\": 1}")), FormatOptions.json())
                        .setSchema(IDS)
                        .build());

        assertThat(job.getStatus().getError()).isNotNull();
        assertThat(job.getStatus().getError().getMessage()).contains("Cannot read and write in different locations");
    }

    @Test
    void a_whole_number_beyond_2_to_the_53_arrives_as_a_text() throws Exception {
        loaded("numbers", IDS, "{\"id\": \"9007199254740993\"}", "{\"id\": \"-9223372036854775808\"}");

        assertThat(rows("numbers")).containsExactlyInAnyOrder("[9007199254740993]", "[-9223372036854775808]");
    }
}
