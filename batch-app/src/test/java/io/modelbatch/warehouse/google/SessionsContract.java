package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sessions of the Storage Read API: their order, their offsets and their messages. */
public abstract class SessionsContract extends BigQueryContract {
    private static final Schema LINES =
            Schema.of(Field.of("id", StandardSQLTypeName.INT64), Field.of("text", StandardSQLTypeName.STRING));

    private ReadArrow arrow(String table) {
        return new ReadArrow(place(), table);
    }

    private ReadArrow lines(String name, int rows) throws Exception {
        loaded(name, LINES, lines(rows, i -> "{\"id\": %d, \"text\": \"line %d\"}".formatted(i, i)));
        return arrow(name);
    }

    private void keepOnly(String table, int id) throws Exception {
        succeed(query("SELECT id, text FROM " + table + " WHERE id = " + id)
                .setDestinationTable(table(table))
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .build());
    }

    @Test
    void a_session_keeps_its_order_and_its_rows() throws Exception {
        ReadArrow arrow = lines("ordered", 2_500);
        ReadSession session = arrow.session("id < 2200");
        List<String> rows = arrow.cells(session, 0);
        assertThat(rows).hasSize(2200).doesNotHaveDuplicates();
        assertThat(arrow.cells(session, 1234)).isEqualTo(rows.subList(1234, 2200));
        assertThat(arrow.cells(session, 2200)).as("at the end").isEmpty();
        keepOnly("ordered", 7);
        assertThat(arrow.cells(session, 0)).as("after the table was replaced").isEqualTo(rows);
        assertThat(arrow.session("id < 0").getStreamsCount())
                .as("streams of a session without rows")
                .isZero();
    }

    @Test
    void sessions_are_read_side_by_side_while_the_table_is_replaced() throws Exception {
        ReadArrow arrow = lines("swapped", 2_500);
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<String>>> parts = new ArrayList<>();
            for (int part = 0; part < 8; part++) {
                String restriction = "MOD(id, 8) = " + part;
                parts.add(readers.submit(() -> arrow.cells(arrow.session(restriction), 0)));
                if (part % 4 == 0) {
                    succeed(query("SELECT * FROM swapped")
                            .setDestinationTable(table("swapped"))
                            .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                            .build());
                }
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
    void a_session_selects_fields_and_reads_the_past() throws Exception {
        ReadArrow arrow = lines("past", 10);
        Instant before = Instant.ofEpochMilli(
                        Objects.requireNonNull(place().bigQuery().getTable(table("past")))
                                .getLastModifiedTime())
                .plusMillis(1);
        keepOnly("past", 7);
        assertThat(arrow.cells(arrow.session(""), 0)).containsExactly("[7, line 7]");
        ReadSession past = arrow.ask(ReadSession.newBuilder()
                .setReadOptions(ReadSession.TableReadOptions.newBuilder()
                        .addSelectedFields("text")
                        .setRowRestriction("id = 3"))
                .setTableModifiers(ReadSession.TableModifiers.newBuilder()
                        .setSnapshotTime(Timestamp.newBuilder()
                                .setSeconds(before.getEpochSecond())
                                .setNanos(before.getNano()))));
        assertThat(arrow.cells(past, 0)).containsExactly("[line 3]");
    }

    @Test
    void a_session_lives_for_six_hours() throws Exception {
        Instant asked = Instant.now();
        Timestamp expires = lines("lasting", 10).session("").getExpireTime();

        assertThat(Duration.between(asked, Instant.ofEpochSecond(expires.getSeconds())))
                .isBetween(Duration.ofMinutes(355), Duration.ofMinutes(365));
    }

    @Test
    void an_offset_beyond_the_rows_is_not_allocated() throws Exception {
        ReadArrow arrow = lines("short", 10);
        ReadSession session = arrow.session("");
        assertThatThrownBy(() -> arrow.cells(session, 11))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.getStatusCode().getCode()).isEqualTo(StatusCode.Code.FAILED_PRECONDITION))
                .hasMessageContaining("has not been allocated yet");
    }

    @Test
    void a_stream_a_table_or_a_column_that_is_not_there_is_refused() throws Exception {
        ReadArrow arrow = lines("known", 10);
        ReadSession session = arrow.session("");
        String other = session.getStreams(0).getName().replaceFirst("/streams/.*", "/streams/x");
        ReadSession unknown = session.toBuilder()
                .setStreams(
                        0,
                        session.getStreams(0).toBuilder().setName(other.replaceFirst("/sessions/[^/]+", "/sessions/x")))
                .build();
        assertThatThrownBy(() -> arrow.cells(unknown, 0)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> arrow("nothing").session("")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> arrow.session("foo = 1")).isInstanceOf(InvalidArgumentException.class);
    }

    /** A client that resumes a stream needs the schema again. */
    @Test
    void the_first_message_of_each_call_has_the_schema() throws Exception {
        ReadArrow arrow = lines("resumed", 2_500);
        ReadSession session = arrow.session("");
        for (long offset : new long[] {0, 0, 1_700}) {
            Iterator<ReadRowsResponse> messages =
                    arrow.messages(session, offset).iterator();
            assertThat(messages.next().hasArrowSchema())
                    .as("schema in the first message from row " + offset)
                    .isTrue();
        }
    }
}
