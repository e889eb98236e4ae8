package io.modelbatch.source.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.TableDataListOption;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.ParquetOptions;
import com.google.cloud.bigquery.PolicyTags;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.TimePartitioning;
import com.google.cloud.bigquery.storage.v1.ArrowSerializationOptions;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.BigQueryReadSettings;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannelBuilder;
import io.modelbatch.artifact.google.StorageServer;
import io.modelbatch.source.google.BigQueryServer.Fault;
import io.modelbatch.source.google.BigQueryServer.Permission;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The server as Google's own clients find it. */
@Execution(ExecutionMode.CONCURRENT)
class BigQueryServerTest {
    private static final String EVERY_TYPE = """
            CREATE TABLE shop.types AS SELECT * FROM (VALUES
              ('ä', 7::BIGINT, 1.5::DOUBLE, 1.25::DECIMAL(38,9), 0.5::DECIMAL(38,18), true, DATE '2026-03-31',
               TIME '12:34:56.5', TIMESTAMP '2026-03-31 01:02:03', TIMESTAMPTZ '2026-03-31 00:00:00.123456+00',
               '{"a":1}'::JSON, 'ab'::BLOB, ['x', 'y'], [{'label': 'a', 'score': 0.5::DOUBLE}]),
              (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, [], []))
            AS t(s, i, f, n, bn, b, d, tm, dt, ts, j, bytes, a, r)
            """;

    @TempDir
    Path folder;

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private BigQueryServer server;
    private BigQuery bigquery;
    private BigQueryReadClient reads;

    @BeforeEach
    void start() throws Exception {
        server = BigQueryServer.start(folder.resolve("server"), 0, uri -> {
            byte[] bytes = objects.get(uri.toString());
            if (bytes == null) {
                throw new FileNotFoundException(uri.toString());
            }
            return bytes;
        });
        server.dataset("shop", "EU");
        server.execute("CREATE TABLE shop.lines AS SELECT range AS id, 'line ' || range AS text,"
                + " DATE '2026-03-01' + CAST(range % 31 AS INTEGER) AS day FROM range(2500)");
        bigquery = client();
        reads = BigQueryReadClient.create(BigQueryReadSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(BigQueryReadSettings.defaultGrpcTransportProviderBuilder()
                        .setEndpoint(server.storageAddress())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
    }

    private BigQuery client() {
        return BigQueryOptions.newBuilder()
                .setHost(server.restAddress().toString())
                .setProjectId("p")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }

    @AfterEach
    void stop() throws Exception {
        reads.close();
        server.close();
    }

    @Test
    void a_query_writes_a_table_and_its_parameters_are_typed() throws Exception {
        QueryJobConfiguration query = QueryJobConfiguration.newBuilder("""
                        SELECT * EXCEPT (day), MOD(ABS(FARM_FINGERPRINT(TO_JSON_STRING(t))), 4) AS part
                        FROM `p.shop.lines` AS t -- the table
                        WHERE day = @day AND id < @most AND id IN UNNEST(@ids) AND text != "it's" AND CAST(id AS STRING) != @no
                        """)
                .addNamedParameter("day", QueryParameterValue.date("2026-03-02"))
                .addNamedParameter("most", QueryParameterValue.int64(100))
                .addNamedParameter("ids", QueryParameterValue.array(new Long[] {1L, 2L, 32L, 1023L}, Long.class))
                .addNamedParameter("no", QueryParameterValue.string("7"))
                .setDestinationTable(TableId.of("shop", "pinned"))
                .setClustering(
                        Clustering.newBuilder().setFields(List.of("part")).build())
                .setLabels(Map.of("run", "r1"))
                .build();

        Job job = run("pin", query);

        assertThat(job.getStatus().getError()).isNull();
        assertThat(server.rows("SELECT id, text FROM shop.pinned ORDER BY id"))
                .containsExactly(List.of(1L, "line 1"), List.of(32L, "line 32"));
        assertThat(server.rows("SELECT DISTINCT part BETWEEN 0 AND 3 FROM shop.pinned"))
                .containsExactly(List.of(true));
        assertThat(server.jobs()).singleElement().satisfies(kept -> {
            assertThat(kept.id()).isEqualTo("pin");
            assertThat(kept.configuration().path("labels").path("run").asString())
                    .isEqualTo("r1");
        });
        StandardTableDefinition pinned = bigquery.getTable("shop", "pinned").getDefinition();
        assertThat(pinned.getClustering().getFields()).containsExactly("part");
        assertThat(run("again", query).getStatus().getError().getReason()).isEqualTo("duplicate");
        assertThat(server.count(ServedJob.Kind.QUERY)).isEqualTo(2);
    }

    @Test
    void an_unqualified_table_is_one_of_the_default_dataset_unless_with_names_it() throws Exception {
        QueryJobConfiguration query = QueryJobConfiguration.newBuilder(
                        "WITH few AS (SELECT id FROM lines WHERE id < 3),"
                                + " more AS (SELECT lines.id FROM shop.lines, few AS f WHERE lines.id = f.id + 1)"
                                + " SELECT few.id, EXTRACT(DAY FROM day) AS d FROM few JOIN lines USING (id) JOIN more USING (id) ORDER BY few.id")
                .setDefaultDataset("shop")
                .build();
        TableResult result = run("default", query).getQueryResults();
        assertThat(result.getTotalRows()).isEqualTo(2);
        assertThat(longs(result, "d")).containsExactly(2L, 3L);
    }

    @Test
    void a_job_is_there_once_and_found_in_its_location_only() throws Exception {
        run("once", select("SELECT 1 AS one FROM shop.lines LIMIT 1"));
        assertThat(bigquery.getJob(JobId.newBuilder()
                                .setJob("once")
                                .setLocation("EU")
                                .build())
                        .getStatus()
                        .getState())
                .hasToString("DONE");
        assertThat(bigquery.getJob(JobId.of("once"))).isNull();
        assertThat(bigquery.getJob(
                        JobId.newBuilder().setJob("once").setLocation("US").build()))
                .isNull();
        Job other = bigquery.create(JobInfo.newBuilder(select("SELECT 2 AS two FROM shop.lines"))
                .setJobId(JobId.newBuilder().setJob("once").setLocation("EU").build())
                .build());
        assertThat(((QueryJobConfiguration) other.getConfiguration()).getQuery())
                .contains("one");
        assertThat(server.jobs()).hasSize(1);
    }

    @Test
    void a_dry_run_tells_bytes_and_schema_and_leaves_nothing() {
        Job dry = bigquery.create(JobInfo.of(
                JobId.newBuilder().setLocation("EU").build(),
                QueryJobConfiguration.newBuilder("SELECT id, SUM(id) AS total FROM shop.lines GROUP BY id")
                        .setDryRun(true)
                        .setDestinationTable(TableId.of("shop", "never"))
                        .build()));
        QueryStatistics statistics = dry.getStatistics();
        assertThat(statistics.getTotalBytesProcessed()).isPositive();
        assertThat(statistics.getSchema().getFields())
                .extracting(Field::getName)
                .containsExactly("id", "total");
        assertThat(bigquery.getTable("shop", "never")).isNull();
        assertThat(server.jobs()).isEmpty();
    }

    @Test
    void what_is_wrong_with_a_query_is_said_as_the_service_says_it() throws Exception {
        assertThat(error("SELECT foo FROM shop.lines").getMessage()).isEqualTo("Unrecognized name: foo at [1:8]");
        assertThat(error("SELECT\n  l.foo FROM shop.lines AS l").getMessage())
                .isEqualTo("Unrecognized name: foo at [2:5]");
        assertThat(error("SELECT id FROM shop.nothing").getMessage())
                .isEqualTo("Not found: Table p:shop.nothing was not found in location EU");
        assertThat(error("SELECT id FORM FROM shop.lines x y").getReason()).isEqualTo("invalidQuery");
        assertThat(error("SELECT id FROM shop.lines WHERE id = @unknown").getMessage())
                .isEqualTo("Query parameter 'unknown' not found at [1:38]");
        assertThatThrownBy(() -> bigquery.create(JobInfo.of(
                        JobId.newBuilder().setLocation("EU").build(),
                        QueryJobConfiguration.newBuilder("SELECT foo FROM `p.shop.lines`")
                                .setDryRun(true)
                                .build())))
                .isInstanceOfSatisfying(BigQueryException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(400);
                    assertThat(e.getReason()).isEqualTo("invalidQuery");
                });
        assertThatThrownBy(() -> bigquery.create(JobInfo.of(
                        JobId.newBuilder().setLocation("US").build(),
                        QueryJobConfiguration.newBuilder("SELECT id FROM shop.lines")
                                .setDryRun(true)
                                .build())))
                .hasMessage("Not found: Dataset p:shop was not found in location US");
        assertThat(run(
                                "costly",
                                QueryJobConfiguration.newBuilder("SELECT id FROM shop.lines")
                                        .setMaximumBytesBilled(10L)
                                        .build())
                        .getStatus()
                        .getError()
                        .getReason())
                .isEqualTo("bytesBilledLimitExceeded");
    }

    @Test
    void a_slow_job_is_seen_running_and_can_be_cancelled() throws Exception {
        server.jobsTake(Duration.ofMinutes(5));
        Job job = bigquery.create(info("slow", select("SELECT id FROM shop.lines")));
        assertThat(again(job).getStatus().getState()).hasToString("RUNNING");
        assertThat(job.cancel()).isTrue();
        assertThat(again(job).getStatus().getError().getReason()).isEqualTo("stopped");
        server.jobsTake(Duration.ZERO);
        Job endless = bigquery.create(info(
                "endless", select("SELECT COUNT(*) AS n FROM shop.lines a, shop.lines b, shop.lines c, shop.lines d")));
        again(endless);
        endless.cancel();
        assertThat(again(endless).getStatus().getError().getReason()).isEqualTo("stopped");
    }

    @Test
    void every_type_comes_by_rest_as_the_service_writes_it() throws Exception {
        server.execute(EVERY_TYPE);
        List<FieldValueList> rows = new ArrayList<>();
        Schema schema = bigquery.getTable("shop", "types").getDefinition().getSchema();
        bigquery.listTableData(TableId.of("shop", "types"), schema).iterateAll().forEach(rows::add);
        FieldValueList row = rows.get(0);
        assertThat(row.get("s").getStringValue()).isEqualTo("ä");
        assertThat(row.get("n").getStringValue()).isEqualTo("1.25");
        assertThat(row.get("d").getStringValue()).isEqualTo("2026-03-31");
        assertThat(row.get("tm").getStringValue()).isEqualTo("12:34:56.500000");
        assertThat(row.get("dt").getStringValue()).isEqualTo("2026-03-31T01:02:03");
        assertThat(row.get("ts").getTimestampInstant()).isEqualTo(Instant.parse("2026-03-31T00:00:00.123456Z"));
        assertThat(row.get("bytes").getBytesValue()).isEqualTo("ab".getBytes(StandardCharsets.UTF_8));
        assertThat(row.get("a").getRepeatedValue())
                .extracting(FieldValue::getStringValue)
                .containsExactly("x", "y");
        assertThat(row.get("r")
                        .getRepeatedValue()
                        .get(0)
                        .getRecordValue()
                        .get(1)
                        .getDoubleValue())
                .isEqualTo(0.5);
        assertThat(rows.get(1).subList(0, 12)).allMatch(FieldValue::isNull);
        assertThat(schema.getFields())
                .extracting(field -> field.getType().getStandardType())
                .contains(StandardSQLTypeName.NUMERIC, StandardSQLTypeName.BIGNUMERIC, StandardSQLTypeName.JSON);
    }

    @Test
    void every_type_comes_by_arrow() throws Exception {
        server.execute(EVERY_TYPE);
        List<String> cells = cells(session("types", "s IS NOT NULL"), 0);
        assertThat(cells)
                .containsExactly("[ä, 7, 1.5, 1.250000000, 0.50000000000000000000000000000000000000, true, 20543, "
                        + "45296500000, 2026-03-31T01:02:03, 1774915200123456, {\"a\":1}, ab, [\"x\",\"y\"], "
                        + "[{\"label\":\"a\",\"score\":0.5}]]");
        assertThat(cells(session("types", "s IS NULL"), 0).get(0)).startsWith("[null, null, null, null");
    }

    @Test
    void pages_end_by_count_or_by_bytes() throws Exception {
        server.execute("CREATE TABLE shop.long AS SELECT range AS id, repeat('x', 100000) AS text FROM range(150)");
        TableId table = TableId.of("shop", "long");
        TableResult small = bigquery.listTableData(table, TableDataListOption.pageSize(40));
        assertThat(small.getValues()).hasSize(40);
        assertThat(small.iterateAll()).hasSize(150);
        TableResult large = bigquery.listTableData(table);
        assertThat(large.getValues()).hasSizeBetween(90, 110);
        assertThat(large.iterateAll()).hasSize(150);
    }

    @Test
    void tables_are_made_described_changed_and_dropped() throws Exception {
        Table made = bigquery.create(TableInfo.of(
                TableId.of("shop", "made"),
                StandardTableDefinition.of(Schema.of(
                        Field.of("id", StandardSQLTypeName.INT64),
                        Field.newBuilder("tags", StandardSQLTypeName.STRING)
                                .setMode(Field.Mode.REPEATED)
                                .build()))));
        assertThat(made.getNumRows()).isZero();
        assertThat(made.getCreationTime()).isPositive();
        assertThat(made.getEtag()).isNotEmpty();
        long tomorrow = System.currentTimeMillis() + 86_400_000;
        assertThat(made.toBuilder().setExpirationTime(tomorrow).build().update().getExpirationTime())
                .isEqualTo(tomorrow);
        made.toBuilder().setExpirationTime(1L).build().update();
        assertThat(bigquery.getTable("shop", "made")).isNull();
        assertThat(bigquery.getTable("shop", "lines").getNumBytes())
                .isEqualTo(2500 * (8 + 8)
                        + server.rows("SELECT CAST(sum(2 + strlen(text)) AS BIGINT) FROM shop.lines")
                                .get(0)
                                .get(0)
                                .hashCode());
        assertThat(bigquery.getDataset("shop").getLocation()).isEqualTo("EU");
        assertThat(bigquery.getDataset("none")).isNull();
        assertThat(bigquery.delete(TableId.of("shop", "lines"))).isTrue();
        assertThat(bigquery.delete(TableId.of("shop", "lines"))).isFalse();
    }

    @Test
    void tables_come_from_files_and_are_new_when_replaced() throws Exception {
        Path csv = Files.writeString(folder.resolve("rows.csv"), "id,text\n1,a\n2,b\n");
        Path lines = Files.writeString(folder.resolve("rows.jsonl"), "{\"id\": 3, \"tags\": [\"x\"]}\n");
        server.table("shop", "filed", csv);
        Table first = bigquery.getTable("shop", "filed");
        server.replaceTable("shop", "filed", lines);
        Table second = bigquery.getTable("shop", "filed");
        assertThat(first.getNumRows()).isEqualTo(2);
        assertThat(second.getNumRows()).isEqualTo(1);
        assertThat(second.getCreationTime()).isGreaterThan(first.getCreationTime());
        assertThat(second.getEtag()).isNotEqualTo(first.getEtag());
        server.dropTable("shop", "filed");
        assertThat(bigquery.getTable("shop", "filed")).isNull();
    }

    @Test
    void loads_replace_append_or_need_an_empty_table() throws Exception {
        parquet("gs://b/1", "SELECT 1::BIGINT AS id, ['a', 'b'] AS tags");
        json("gs://b/2", "{\"id\": 2, \"tags\": [\"c\"]}");
        TableId table = TableId.of("shop", "loaded");
        ParquetOptions lists =
                ParquetOptions.newBuilder().setEnableListInference(true).build();
        Job first = run(
                "l1",
                LoadJobConfiguration.newBuilder(table, List.of("gs://b/1"), lists)
                        .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                        .build());
        assertThat(((LoadStatistics) first.getStatistics()).getOutputRows()).isEqualTo(1);
        long created = bigquery.getTable(table).getCreationTime();
        LoadJobConfiguration.Builder json =
                LoadJobConfiguration.newBuilder(table, List.of("gs://b/2"), FormatOptions.json());
        run("l2", json.setWriteDisposition(WriteDisposition.WRITE_APPEND).build());
        assertThat(server.rows("SELECT * FROM shop.loaded ORDER BY id"))
                .containsExactly(List.of(1L, List.of("a", "b")), List.of(2L, List.of("c")));
        assertThat(run(
                                "l3",
                                json.setWriteDisposition(WriteDisposition.WRITE_EMPTY)
                                        .build())
                        .getStatus()
                        .getError()
                        .getReason())
                .isEqualTo("duplicate");
        json("gs://b/2", "{\"id\": 3, \"other\": 1}");
        assertThat(run(
                                "l4",
                                json.setWriteDisposition(WriteDisposition.WRITE_APPEND)
                                        .build())
                        .getStatus()
                        .getError()
                        .getMessage())
                .contains("No such field: other");
        json("gs://b/2", "{\"id\": 3}");
        run(
                "l5",
                json.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                        .setSchema(Schema.of(
                                Field.of("id", StandardSQLTypeName.INT64),
                                Field.of("score", StandardSQLTypeName.FLOAT64)))
                        .build());
        List<Object> row = new ArrayList<>(List.of(3L));
        row.add(null);
        assertThat(server.rows("SELECT * FROM shop.loaded")).isEqualTo(List.of(row));
        assertThat(bigquery.getTable(table).getCreationTime()).isEqualTo(created);
        assertThat(run(
                                "l6",
                                LoadJobConfiguration.newBuilder(table, List.of("gs://b/none"), FormatOptions.parquet())
                                        .build())
                        .getStatus()
                        .getError()
                        .getReason())
                .isEqualTo("notFound");
    }

    @Test
    void without_list_inference_a_list_comes_as_parquet_stores_it() throws Exception {
        parquet("gs://b/1", "SELECT ['a'] AS tags, MAP {'a': 0.5} AS scores");
        TableId table = TableId.of("shop", "raw");
        run(
                "raw",
                LoadJobConfiguration.newBuilder(table, List.of("gs://b/1"), FormatOptions.parquet())
                        .build());
        Schema schema = bigquery.getTable(table).getDefinition().getSchema();
        assertThat(schema.getFields()
                        .get("tags")
                        .getSubFields()
                        .get("list")
                        .getSubFields()
                        .get(0)
                        .getName())
                .isEqualTo("element");
        assertThat(schema.getFields().get("scores").getSubFields().get(0).getName())
                .isEqualTo("key_value");
    }

    @Test
    void repeated_fields_and_records_are_held_to_the_schema() throws Exception {
        TableId table = TableId.of("shop", "nested");
        FieldList parts =
                FieldList.of(Field.of("word", StandardSQLTypeName.STRING), Field.of("end", StandardSQLTypeName.INT64));
        LoadJobConfiguration.Builder json = LoadJobConfiguration.newBuilder(
                        table, List.of("gs://b/1"), FormatOptions.json())
                .setSchema(Schema.of(
                        Field.newBuilder("numbers", StandardSQLTypeName.FLOAT64)
                                .setMode(Field.Mode.REPEATED)
                                .build(),
                        Field.newBuilder("parts", StandardSQLTypeName.STRUCT, parts)
                                .setMode(Field.Mode.REPEATED)
                                .build()));
        json("gs://b/1", "{\"numbers\": [0.1, -2], \"parts\": [{\"word\": \"a\", \"end\": 3}, {\"end\": 4}]}");
        run("good", json.build());
        json("gs://b/1", "{\"numbers\": null}");
        run("none", json.build());
        List<Object> part = new ArrayList<>(List.of("a", 3L));
        List<Object> nameless = new ArrayList<>();
        nameless.add(null);
        nameless.add(4L);
        assertThat(server.rows("SELECT * FROM shop.nested ORDER BY len(numbers) DESC"))
                .containsExactly(List.of(List.of(0.1, -2.0), List.of(part, nameless)), List.of(List.of(), List.of()));

        assertThat(failure("scalar", json, "{\"numbers\": 0.1}")).isNotEmpty();
        assertThat(failure("null", json, "{\"numbers\": [0.1, null]}")).contains("null element", "numbers");
        assertThat(failure("unknown", json, "{\"parts\": [{\"word\": \"a\", \"from\": 1}]}"))
                .contains("No such field: parts.from");
        assertThat(failure("text", json, "{\"parts\": [{\"end\": \"far\"}]}")).isNotEmpty();
        parquet("gs://b/1", "SELECT [0.5::FLOAT] AS numbers, [{'word': 1, 'end': 2}] AS parts");
        ParquetOptions lists =
                ParquetOptions.newBuilder().setEnableListInference(true).build();
        assertThat(run("other", json.setFormatOptions(lists).build())
                        .getStatus()
                        .getError()
                        .getMessage())
                .contains("parts.word has changed type from STRING to INTEGER");
    }

    private String failure(String id, LoadJobConfiguration.Builder load, String line) throws Exception {
        json("gs://b/1", line);
        return run(id, load.build()).getStatus().getError().getMessage();
    }

    @Test
    void a_decorator_replaces_one_day() throws Exception {
        TableId table = TableId.of("shop", "daily");
        Schema schema = Schema.of(Field.of("day", StandardSQLTypeName.DATE), Field.of("id", StandardSQLTypeName.INT64));
        bigquery.create(TableInfo.of(
                table,
                StandardTableDefinition.newBuilder()
                        .setSchema(schema)
                        .setTimePartitioning(TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                                .setField("day")
                                .build())
                        .build()));
        assertThat(loadDay("d1", "daily$20260331", "{\"day\": \"2026-03-31\", \"id\": 1}"))
                .isNull();
        assertThat(loadDay("d2", "daily$20260401", "{\"day\": \"2026-04-01\", \"id\": 2}"))
                .isNull();
        assertThat(loadDay("d3", "daily$20260331", "{\"day\": \"2026-03-31\", \"id\": 3}"))
                .isNull();
        assertThat(server.rows("SELECT id FROM shop.daily ORDER BY id")).containsExactly(List.of(2L), List.of(3L));
        assertThat(loadDay("d4", "daily$20260331", "{\"day\": \"2026-03-30\", \"id\": 4}")
                        .getMessage())
                .contains("Some rows belong to different partitions");
        bigquery.create(TableInfo.of(
                TableId.of("shop", "taken"),
                StandardTableDefinition.newBuilder()
                        .setSchema(schema)
                        .setTimePartitioning(TimePartitioning.of(TimePartitioning.Type.DAY))
                        .build()));
        assertThat(loadDay("i1", "taken$20260331", "{\"id\": 1}")).isNull();
        assertThat(loadDay("i2", "taken$20260401", "{\"id\": 2}")).isNull();
        assertThat(loadDay("i3", "taken$20260401", "{\"id\": 3}")).isNull();
        assertThat(server.rows("SELECT id FROM shop.taken ORDER BY id")).containsExactly(List.of(1L), List.of(3L));
        assertThat(bigquery.getTable("shop", "taken")
                        .getDefinition()
                        .getSchema()
                        .getFields())
                .hasSize(2);
    }

    @Test
    void truncating_a_table_strips_it_and_truncating_its_data_does_not() throws Exception {
        TableId table = TableId.of("shop", "kept");
        Field id = Field.newBuilder("id", StandardSQLTypeName.INT64)
                .setMode(Field.Mode.REQUIRED)
                .setDescription("of the line")
                .build();
        Field text = Field.newBuilder("text", StandardSQLTypeName.STRING)
                .setPolicyTags(PolicyTags.newBuilder()
                        .setNames(List.of("projects/p/locations/eu/taxonomies/1/policyTags/2"))
                        .build())
                .build();
        bigquery.create(TableInfo.newBuilder(table, StandardTableDefinition.of(Schema.of(id, text)))
                .setTableConstraints(TableConstraints.newBuilder()
                        .setPrimaryKey(PrimaryKey.newBuilder()
                                .setColumns(List.of("id"))
                                .build())
                        .build())
                .build());
        server.rowAccessPolicy("shop", "kept", "own-region");
        json("gs://b/1", "{\"id\": 1, \"text\": \"a\"}");
        LoadJobConfiguration.Builder load = LoadJobConfiguration.newBuilder(
                        table, List.of("gs://b/1"), FormatOptions.json())
                .setSchema(Schema.of(id, Field.of("text", StandardSQLTypeName.STRING)))
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA);

        server.deny(Permission.UPDATE_TABLES);
        assertThat(run("k1", load.build()).getStatus().getError()).isNull();
        assertKept(bigquery.getTable(table));
        assertThat(failure("k2", load.setSchema(Schema.of(Field.of("id", StandardSQLTypeName.INT64))), "{\"id\": 2}"))
                .contains("Field id has changed mode from REQUIRED to NULLABLE");
        assertThat(failure("k3", load.setSchema(Schema.of(id, Field.of("new", StandardSQLTypeName.INT64))), "{}"))
                .contains("Cannot add fields (field: new)");
        assertThat(failure("k4", load.setSchema(Schema.of(id)), "{\"id\": null}"))
                .contains("Required field id cannot be null");
        load.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE);
        assertThat(failure("k5", load, "{\"id\": 3}")).contains("bigquery.tables.update denied");
        assertKept(bigquery.getTable(table));

        server.allowAll();
        assertThat(run("k6", load.build()).getStatus().getError()).isNull();
        Table stripped = bigquery.getTable(table);
        assertThat(stripped.getTableConstraints()).isNull();
        assertThat(server.rowAccessPolicies("shop", "kept")).isEmpty();
        assertThat(stripped.getDefinition().getSchema().getFields()).containsExactly(id);
    }

    private void assertKept(Table table) {
        assertThat(table.getTableConstraints().getPrimaryKey().getColumns()).containsExactly("id");
        assertThat(server.rowAccessPolicies("shop", "kept")).containsExactly("own-region");
        FieldList fields = table.getDefinition().getSchema().getFields();
        assertThat(fields.get("id").getMode()).isEqualTo(Field.Mode.REQUIRED);
        assertThat(fields.get("id").getDescription()).isEqualTo("of the line");
        assertThat(fields.get("text").getPolicyTags().getNames()).hasSize(1);
    }

    @Test
    void the_result_of_a_query_has_no_required_column() throws Exception {
        TableId table = TableId.of("shop", "strict");
        bigquery.create(TableInfo.of(
                table,
                StandardTableDefinition.of(Schema.of(Field.newBuilder("id", StandardSQLTypeName.INT64)
                        .setMode(Field.Mode.REQUIRED)
                        .build()))));
        QueryJobConfiguration query = QueryJobConfiguration.newBuilder("SELECT id FROM shop.lines")
                .setDestinationTable(table)
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA)
                .build();
        assertThat(run("strict", query).getStatus().getError().getMessage())
                .isEqualTo("Invalid schema update. Field id has changed mode from REQUIRED to NULLABLE");
    }

    @Test
    void a_job_names_the_partitioning_of_its_table_or_none() throws Exception {
        Schema schema =
                Schema.of(Field.of("date", StandardSQLTypeName.DATE), Field.of("id", StandardSQLTypeName.INT64));
        TimePartitioning byColumn = TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                .setField("date")
                .build();
        TimePartitioning byArrival = TimePartitioning.of(TimePartitioning.Type.DAY);
        StandardTableDefinition.Builder definition =
                StandardTableDefinition.newBuilder().setSchema(schema);
        bigquery.create(TableInfo.of(
                TableId.of("shop", "byday"),
                definition.setTimePartitioning(byColumn).build()));
        bigquery.create(TableInfo.of(
                TableId.of("shop", "clustered"),
                definition
                        .setTimePartitioning(byArrival)
                        .setClustering(
                                Clustering.newBuilder().setFields(List.of("id")).build())
                        .build()));
        json("gs://b/1", "{\"date\": \"2026-03-31\", \"id\": 1}");

        assertThat(loadInto("byday$20260331", byArrival).getMessage())
                .isEqualTo("Incompatible table partitioning specification. Expects partitioning specification"
                        + " interval(type:day,field:date), but input partitioning specification is interval(type:day)");
        assertThat(loadInto("clustered$20260331", byArrival).getMessage())
                .contains("Expects partitioning specification interval(type:day) clustering(id), but input");
        assertThat(loadInto("lines", byArrival).getMessage()).contains("Expects partitioning specification none");
        assertThat(loadInto("byday$20260331", byColumn)).isNull();
        assertThat(loadInto("byday$20260331", null)).isNull();
        assertThat(loadInto("clustered$20260331", null)).isNull();
    }

    private BigQueryError loadInto(String table, @Nullable TimePartitioning partitioning) throws InterruptedException {
        LoadJobConfiguration load = LoadJobConfiguration.newBuilder(
                        TableId.of("shop", table), List.of("gs://b/1"), FormatOptions.json())
                .setTimePartitioning(partitioning)
                .build();
        return run("p" + table.hashCode() + partitioning, load).getStatus().getError();
    }

    @Test
    void the_key_of_a_map_of_parquet_is_required() throws Exception {
        parquet("gs://b/1", "SELECT MAP {'a': 0.5::DOUBLE} AS scores");
        ParquetOptions options = ParquetOptions.newBuilder()
                .setEnableListInference(true)
                .setMapTargetType("ARRAY_OF_STRUCT")
                .build();
        LoadJobConfiguration.Builder load =
                LoadJobConfiguration.newBuilder(TableId.of("shop", "maps"), List.of("gs://b/1"), options);

        assertThat(run("m1", load.setSchema(pairs(Field.Mode.NULLABLE)).build())
                        .getStatus()
                        .getError()
                        .getMessage())
                .contains("'scores.key' is specified as NULLABLE in provided schema which does not match REQUIRED");
        assertThat(run("m2", load.setSchema(pairs(Field.Mode.REQUIRED)).build())
                        .getStatus()
                        .getError())
                .isNull();
        assertThat(bigquery.getTable("shop", "maps")
                        .getDefinition()
                        .getSchema()
                        .getFields()
                        .get("scores")
                        .getSubFields()
                        .get("key")
                        .getMode())
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

    private BigQueryError loadDay(String id, String table, String line) throws InterruptedException {
        json("gs://b/" + id, line);
        return run(
                        id,
                        LoadJobConfiguration.newBuilder(
                                        TableId.of("shop", table), List.of("gs://b/" + id), FormatOptions.json())
                                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                                .build())
                .getStatus()
                .getError();
    }

    @Test
    void objects_of_cloud_storage_are_loaded_though_it_fails_now_and_then() throws Exception {
        try (StorageServer storage =
                StorageServer.start(folder.resolve("storage")).bucket("b")) {
            com.google.cloud.storage.StorageOptions.newBuilder()
                    .setHost(storage.address().toString())
                    .setProjectId("p")
                    .setCredentials(NoCredentials.getInstance())
                    .build()
                    .getService()
                    .create(
                            com.google.cloud.storage.BlobInfo.newBuilder("b", "a/ü 1")
                                    .build(),
                            "x".getBytes(StandardCharsets.UTF_8));
            storage.order(
                    StorageServer.Fault.UNAVAILABLE,
                    StorageServer.Fault.TOO_MANY_REQUESTS,
                    StorageServer.Fault.BROKEN_BODY);
            CloudStorageObjects stored = new CloudStorageObjects(storage.address());
            assertThat(stored.bytes(URI.create("gs://b/a/%C3%BC%201"))).isEqualTo("x".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> stored.bytes(URI.create("gs://b/none"))).isInstanceOf(FileNotFoundException.class);
            assertThat(storage.injected()).hasSize(3);
        }
    }

    @Test
    void a_session_keeps_its_order_and_its_rows_and_the_next_has_another_order() throws Exception {
        ReadSession session = session("lines", "id < 2200");
        List<String> rows = cells(session, 0);
        assertThat(rows).hasSize(2200).doesNotHaveDuplicates();
        assertThat(cells(session, 1234)).isEqualTo(rows.subList(1234, 2200));
        assertThat(cells(session, 2200)).isEmpty();
        List<String> others = cells(session("lines", "id < 2200"), 0);
        assertThat(others).isNotEqualTo(rows).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(cells(session("lines", "id < 2"), 0)).isNotEqualTo(cells(session("lines", "id < 2"), 0));
        server.execute("DELETE FROM shop.lines");
        assertThat(cells(session, 0)).isEqualTo(rows);
        assertThat(session("lines", "").getStreamsCount()).isZero();
    }

    @Test
    void sessions_are_read_side_by_side_while_the_table_is_replaced() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<String>>> parts = new ArrayList<>();
            for (int part = 0; part < 8; part++) {
                String restriction = "MOD(id, 8) = " + part;
                parts.add(readers.submit(() -> cells(session("lines", restriction), 0)));
                run(
                        "swap" + part,
                        QueryJobConfiguration.newBuilder("SELECT * FROM shop.lines")
                                .setDestinationTable(TableId.of("shop", "lines"))
                                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                                .build());
            }
            List<String> rows = new ArrayList<>();
            for (Future<List<String>> part : parts) {
                rows.addAll(part.get());
            }
            assertThat(rows).hasSize(2500).doesNotHaveDuplicates();
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void a_recording_is_shared_and_begins_elsewhere_each_time() throws Exception {
        server.recording();
        List<String> rows = cells(session("lines", ""), 0);
        assertThat(cells(session("lines", ""), 0)).isNotEqualTo(rows).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(server.sessions()).isEqualTo(2);
    }

    @Test
    void a_session_selects_fields_and_reads_the_past() throws Exception {
        Instant before = Instant.now();
        run(
                "replace",
                QueryJobConfiguration.newBuilder("SELECT id FROM shop.lines WHERE id = 7")
                        .setDestinationTable(TableId.of("shop", "lines"))
                        .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                        .build());
        assertThat(cells(session("lines", ""), 0)).containsExactly("[7]");
        ReadSession past = ask(
                "lines",
                ReadSession.newBuilder()
                        .setReadOptions(ReadSession.TableReadOptions.newBuilder()
                                .addSelectedFields("text")
                                .setRowRestriction("id = 3"))
                        .setTableModifiers(ReadSession.TableModifiers.newBuilder()
                                .setSnapshotTime(Timestamp.newBuilder()
                                        .setSeconds(before.getEpochSecond())
                                        .setNanos(before.getNano()))));
        assertThat(cells(past, 0)).containsExactly("[line 3]");
    }

    @Test
    void a_session_ends_and_offsets_beyond_its_rows_and_lz4_are_refused() {
        ReadSession session = session("lines", "");
        assertThatThrownBy(() -> cells(session, 2501))
                .isInstanceOf(FailedPreconditionException.class)
                .hasMessageContaining("has not been allocated yet");
        server.expireSessions();
        assertThatThrownBy(() -> cells(session, 0))
                .isInstanceOf(FailedPreconditionException.class)
                .hasMessageContaining("session expired");
        assertThatThrownBy(() -> cells(
                        session.toBuilder()
                                .setStreams(
                                        0,
                                        session.getStreams(0).toBuilder()
                                                .setName("projects/p/locations/eu/sessions/x/streams/0"))
                                .build(),
                        0))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> session("nothing", "")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> session("lines", "foo = 1")).isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() -> ask(
                        "lines",
                        ReadSession.newBuilder()
                                .setReadOptions(ReadSession.TableReadOptions.newBuilder()
                                        .setArrowSerializationOptions(ArrowSerializationOptions.newBuilder()
                                                .setBufferCompression(
                                                        ArrowSerializationOptions.CompressionCodec.LZ4_FRAME)))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("LZ4");
    }

    @Test
    void what_is_denied_is_refused_by_name() throws Exception {
        server.deny(Permission.CREATE_READ_SESSIONS, "p");
        assertThatThrownBy(() -> session("lines", ""))
                .isInstanceOf(PermissionDeniedException.class)
                .hasMessageContaining("bigquery.readsessions.create");
        server.deny(Permission.READ_TABLES, "shop");
        assertThat(error("SELECT id FROM shop.lines").getReason()).isEqualTo("accessDenied");
        server.deny(Permission.CREATE_TABLES, "shop");
        assertThatThrownBy(() -> bigquery.create(TableInfo.of(
                        TableId.of("shop", "made"),
                        StandardTableDefinition.of(Schema.of(Field.of("id", StandardSQLTypeName.INT64))))))
                .hasMessage("Access Denied: Dataset p:shop: Permission bigquery.tables.create denied on dataset p:shop"
                        + " (or it may not exist).");
        server.deny(Permission.WRITE_TABLES, "shop");
        json("gs://b/1", "{\"id\": 1}");
        LoadJobConfiguration load = LoadJobConfiguration.newBuilder(
                        TableId.of("shop", "lines"), List.of("gs://b/1"), FormatOptions.json())
                .build();
        assertThat(run("load", load).getStatus().getError().getMessage()).contains("bigquery.tables.updateData");
        server.deny(Permission.CREATE_JOBS);
        assertThatThrownBy(() -> error("SELECT 1 AS x"))
                .hasMessageContaining("User does not have bigquery.jobs.create permission in project p");
        server.allowAll();
        assertThat(cells(session("lines", "id = 1"), 0)).hasSize(1);
    }

    @Test
    void rest_fails_as_ordered_and_the_client_goes_on() throws Exception {
        server.order(Fault.TOO_MANY_REQUESTS);
        assertThatThrownBy(() -> bigquery.getDataset("shop"))
                .isInstanceOfSatisfying(
                        BigQueryException.class, e -> assertThat(e.getCode()).isEqualTo(429));
        server.order(Fault.UNAVAILABLE, Fault.SLOW);
        assertThat(bigquery.getTable("shop", "lines").getNumRows()).isEqualTo(2500);
        assertThat(bigquery.getDataset("shop")).isNotNull();
        server.order(Fault.LOST_ANSWER);
        assertThat(run("lost", select("SELECT id FROM shop.lines")).getStatus().getError())
                .isNull();
        assertThat(server.jobs()).hasSize(1);
        server.order(Fault.BROKEN_STREAM);
        assertThatThrownBy(() -> bigquery.listTableData(TableId.of("shop", "lines")))
                .hasCauseInstanceOf(IOException.class);
        assertThat(bigquery.listTableData(TableId.of("shop", "lines")).iterateAll())
                .hasSize(2500);
        server.order(Fault.JOB_BACKEND_ERROR);
        assertThat(error("SELECT id FROM shop.lines").getReason()).isEqualTo("backendError");
        assertThat(server.injected())
                .containsOnlyKeys(
                        Fault.UNAVAILABLE,
                        Fault.TOO_MANY_REQUESTS,
                        Fault.SLOW,
                        Fault.LOST_ANSWER,
                        Fault.BROKEN_STREAM,
                        Fault.JOB_BACKEND_ERROR);
    }

    @Test
    void streams_fail_as_ordered_and_the_client_goes_on() throws Exception {
        ReadSession session = session("lines", "");
        List<String> rows = cells(session, 0);
        server.order(Fault.BROKEN_STREAM, Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.SLOW);
        assertThat(cells(session, 0)).isEqualTo(rows);
        server.order(Fault.SESSION_EXPIRED);
        assertThatThrownBy(() -> cells(session, 0)).isInstanceOf(ApiException.class);
        server.faults(0.5, 7, Fault.UNAVAILABLE, Fault.BROKEN_STREAM);
        assertThat(cells(session("lines", ""), 0)).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(server.injected().get(Fault.BROKEN_STREAM)).isPositive();
    }

    private static QueryJobConfiguration select(String sql) {
        return QueryJobConfiguration.of(sql);
    }

    private BigQueryError error(String sql) throws InterruptedException {
        return run("error" + server.jobs().size(), select(sql)).getStatus().getError();
    }

    private static JobInfo info(String id, com.google.cloud.bigquery.JobConfiguration configuration) {
        return JobInfo.of(JobId.newBuilder().setJob(id).setLocation("EU").build(), configuration);
    }

    private Job run(String id, com.google.cloud.bigquery.JobConfiguration configuration) throws InterruptedException {
        Job job = bigquery.create(info(id, configuration));
        while (!job.isDone()) {
            Thread.sleep(1);
        }
        return again(job);
    }

    /** {@code reload} throws where a job failed. */
    private Job again(Job job) {
        return bigquery.getJob(job.getJobId());
    }

    private static List<Long> longs(TableResult result, String column) {
        List<Long> values = new ArrayList<>();
        result.iterateAll().forEach(row -> values.add(row.get(column).getLongValue()));
        return values;
    }

    private void json(String uri, String line) {
        objects.put(uri, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void parquet(String uri, String select) throws Exception {
        Path file = folder.resolve("some.parquet");
        server.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        objects.put(uri, Files.readAllBytes(file));
    }

    private ReadSession session(String table, String restriction) {
        return ask(
                table,
                ReadSession.newBuilder()
                        .setReadOptions(
                                ReadSession.TableReadOptions.newBuilder().setRowRestriction(restriction)));
    }

    private ReadSession ask(String table, ReadSession.Builder session) {
        return reads.createReadSession(CreateReadSessionRequest.newBuilder()
                .setParent("projects/p")
                .setMaxStreamCount(1)
                .setReadSession(session.setTable("projects/p/datasets/shop/tables/" + table)
                        .setDataFormat(DataFormat.ARROW))
                .build());
    }

    private List<String> cells(ReadSession session, long offset) throws IOException {
        List<String> rows = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(
                        MessageSerializer.deserializeSchema(channel(
                                session.getArrowSchema().getSerializedSchema().toByteArray())),
                        allocator)) {
            for (ReadRowsResponse answer : reads.readRowsCallable()
                    .call(ReadRowsRequest.newBuilder()
                            .setReadStream(session.getStreams(0).getName())
                            .setOffset(offset)
                            .build())) {
                if (answer.getRowCount() == 0) {
                    continue;
                }
                byte[] bytes =
                        answer.getArrowRecordBatch().getSerializedRecordBatch().toByteArray();
                try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(channel(bytes), allocator)) {
                    new VectorLoader(root).load(batch);
                }
                for (int row = 0; row < root.getRowCount(); row++) {
                    rows.add(row(root, row));
                }
            }
        }
        return rows;
    }

    private static ReadChannel channel(byte[] bytes) {
        return new ReadChannel(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private static String row(VectorSchemaRoot root, int row) {
        return root.getFieldVectors().stream()
                .map(vector -> vector.getObject(row))
                .map(cell ->
                        cell instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(cell))
                .toList()
                .toString();
    }
}
