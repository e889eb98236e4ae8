package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.PolicyTags;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.storage.v1.ArrowSerializationOptions;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The server as Google's own clients find it. */
@Execution(ExecutionMode.CONCURRENT)
class BigQueryServerTest extends BigQueryContract {
    @TempDir
    Path folder;

    private LoopbackPlace place;
    private BigQueryServer server;
    private BigQuery bigquery;
    private ReadArrow lines;

    @BeforeEach
    void start() throws Exception {
        place = LoopbackPlace.start(folder.resolve("server"));
        server = place.server();
        server.execute("CREATE TABLE shop.lines AS SELECT range AS id, 'line ' || range AS text,"
                + " DATE '2026-03-01' + CAST(range % 31 AS INTEGER) AS day FROM range(2500)");
        bigquery = place.bigQuery();
        lines = new ReadArrow(place, "lines");
    }

    @AfterEach
    void stop() throws Exception {
        place.close();
    }

    @Override
    protected BigQueryPlace place() {
        return place;
    }

    /** The contract that the service has to keep as well. */
    @Nested
    class Queries extends QueriesContract {
        @Override
        protected BigQueryPlace place() {
            return place;
        }
    }

    /** The same for load jobs. */
    @Nested
    class Loads extends LoadsContract {
        @Override
        protected BigQueryPlace place() {
            return place;
        }
    }

    /** The same for tables. */
    @Nested
    class Tables extends TablesContract {
        @Override
        protected BigQueryPlace place() {
            return place;
        }
    }

    /** The same for read sessions. */
    @Nested
    class Sessions extends SessionsContract {
        @Override
        protected BigQueryPlace place() {
            return place;
        }
    }

    @Test
    void a_job_whose_location_is_not_named_is_one_of_the_us() throws Exception {
        JobId id = run(query("SELECT 1 AS one").build()).getJobId();
        assertThat(bigquery.getJob(JobId.of(id.getJob()))).isNull();
        assertThat(server.jobs()).hasSize(1);
    }

    /** A client that names no location in its options sends none. */
    @Test
    void a_job_without_a_location_runs_where_its_tables_are() {
        Job planned = bigquery.create(
                JobInfo.of(query("SELECT id FROM lines").setDryRun(true).build()));
        assertThat(planned.getJobId().getLocation()).isEqualTo("EU");
    }

    @Test
    void the_job_of_another_account_is_hidden() throws Exception {
        JobId id = run(query("SELECT 1 AS one").build()).getJobId();
        server.actAs("batch@p.iam.gserviceaccount.com");
        assertThatThrownBy(() -> bigquery.getJob(id))
                .hasMessageContainingAll("Permission bigquery.jobs.get denied", "or it may not exist");
    }

    /** Refused here. Of the real service it is only said that the data may be corrupted. */
    @Test
    void a_whole_number_beyond_2_to_the_53_does_not_arrive_as_a_number() throws Exception {
        server.execute("CREATE TABLE shop.numbers (id BIGINT)");
        succeed(load("numbers", json("numbers", "{\"id\": 9007199254740993}")).build());
        assertThat(server.rows("SELECT id FROM shop.numbers")).containsExactly(List.of(9007199254740992L));
    }

    @Test
    void a_slow_job_is_seen_running_and_can_be_cancelled() throws Exception {
        server.jobsTake(Duration.ofMinutes(5));
        Job job = bigquery.create(
                JobInfo.of(id("slow"), query("SELECT id FROM lines").build()));
        assertThat(again(job).getStatus().getState()).hasToString("RUNNING");
        assertThat(job.cancel()).isTrue();
        assertThat(again(job).getStatus().getError().getReason()).isEqualTo("stopped");
    }

    @Test
    void a_table_that_expired_is_gone() {
        Table made = bigquery.getTable(table("lines"));
        made.toBuilder().setExpirationTime(1L).build().update();
        assertThat(bigquery.getTable(table("lines"))).isNull();
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
    void to_truncate_a_table_takes_another_permission_than_to_truncate_its_data() throws Exception {
        server.deny(Permission.UPDATE_TABLES);
        LoadJobConfiguration.Builder load = load("lines", json("lines", "{\"id\": 1}"));

        succeed(load.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA).build());
        assertThat(refusal(load.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                        .build()))
                .contains("bigquery.tables.update denied");
    }

    @Test
    void policy_tags_go_where_a_table_is_truncated() throws Exception {
        Field text = Field.newBuilder("text", StandardSQLTypeName.STRING)
                .setPolicyTags(PolicyTags.newBuilder()
                        .setNames(List.of("projects/p/locations/eu/taxonomies/1/policyTags/2"))
                        .build())
                .build();
        bigquery.create(TableInfo.of(table("tagged"), StandardTableDefinition.of(Schema.of(text))));
        LoadJobConfiguration.Builder load = load("tagged", json("tagged", "{\"text\": \"a\"}"))
                .setSchema(Schema.of(Field.of("text", StandardSQLTypeName.STRING)));

        succeed(load.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA).build());
        assertThat(text()).extracting(Field::getPolicyTags).isNotNull();
        succeed(load.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE).build());
        assertThat(text()).extracting(Field::getPolicyTags).isNull();
    }

    private Field text() {
        return bigquery.getTable(table("tagged"))
                .getDefinition()
                .getSchema()
                .getFields()
                .get("text");
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

    /** The service may keep an order; nobody may rely on it. */
    @Test
    void the_next_session_has_another_order() throws Exception {
        List<String> rows = lines.cells(lines.session(""), 0);
        assertThat(lines.cells(lines.session(""), 0)).isNotEqualTo(rows).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(lines.cells(lines.session("id < 2"), 0)).isNotEqualTo(lines.cells(lines.session("id < 2"), 0));
    }

    @Test
    void a_recording_is_shared_and_begins_elsewhere_each_time() throws Exception {
        server.recording();
        List<String> rows = lines.cells(lines.session(""), 0);
        assertThat(lines.cells(lines.session(""), 0)).isNotEqualTo(rows).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(server.sessions()).isEqualTo(2);
    }

    @Test
    void a_session_ends_and_lz4_is_refused() {
        ReadSession session = lines.session("");
        server.expireSessions();
        assertThatThrownBy(() -> lines.cells(session, 0))
                .isInstanceOf(FailedPreconditionException.class)
                .hasMessageContaining("session expired");
        assertThatThrownBy(() -> lines.ask(ReadSession.newBuilder()
                        .setReadOptions(ReadSession.TableReadOptions.newBuilder()
                                .setArrowSerializationOptions(ArrowSerializationOptions.newBuilder()
                                        .setBufferCompression(ArrowSerializationOptions.CompressionCodec.LZ4_FRAME)))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("LZ4");
    }

    @Test
    void what_is_denied_is_refused_by_name() throws Exception {
        server.deny(Permission.CREATE_READ_SESSIONS, "p");
        assertThatThrownBy(() -> lines.session(""))
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
        assertThat(refusal(load("lines", json("lines", "{\"id\": 1}")).build())).contains("bigquery.tables.updateData");
        server.deny(Permission.CREATE_JOBS);
        assertThatThrownBy(() -> error("SELECT 1 AS x"))
                .hasMessageContaining("User does not have bigquery.jobs.create permission in project p");
        server.allowAll();
        assertThat(lines.cells(lines.session("id = 1"), 0)).hasSize(1);
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
        assertThat(error("SELECT id FROM shop.lines")).isNull();
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
        ReadSession session = lines.session("");
        List<String> rows = lines.cells(session, 0);
        server.order(Fault.BROKEN_STREAM, Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.SLOW);
        assertThat(lines.cells(session, 0)).isEqualTo(rows);
        server.order(Fault.SESSION_EXPIRED);
        assertThatThrownBy(() -> lines.cells(session, 0)).isInstanceOf(ApiException.class);
        server.faults(0.5, 7, Fault.UNAVAILABLE, Fault.BROKEN_STREAM);
        assertThat(lines.cells(lines.session(""), 0)).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(server.injected().get(Fault.BROKEN_STREAM)).isPositive();
    }

    @Test
    void every_other_call_begins_with_a_message_without_rows() {
        ReadSession session = lines.session("");
        assertThat(IntStream.range(0, 4).mapToObj(call -> rowsOfFirstMessage(session) > 0))
                .containsExactlyInAnyOrder(true, false, true, false);
    }

    private long rowsOfFirstMessage(ReadSession session) {
        return lines.messages(session, 0).iterator().next().getRowCount();
    }

    @Test
    void a_stream_that_was_idle_is_closed_with_one_status_or_another() {
        ReadSession session = lines.session("");
        Set<StatusCode.Code> seen = EnumSet.noneOf(StatusCode.Code.class);
        for (int i = 0; i < 7; i++) {
            server.order(Fault.IDLE_STREAM);
            long rows = 0;
            try {
                for (ReadRowsResponse message : lines.messages(session, 0)) {
                    rows += message.getRowCount();
                }
            } catch (ApiException e) {
                seen.add(e.getStatusCode().getCode());
                continue;
            }
            seen.add(
                    rows < 2_500
                            ? StatusCode.Code.OK
                            : StatusCode.Code.UNAVAILABLE); // after which the client continues
        }
        assertThat(seen).hasSize(7);
    }

    private BigQueryError error(String sql) throws InterruptedException {
        return error(query(sql).build());
    }
}
