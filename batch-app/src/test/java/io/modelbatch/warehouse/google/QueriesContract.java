package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Query jobs, dry runs and their refusals. */
public abstract class QueriesContract extends BigQueryContract {
    private static final long LEAST_BILLED = 10L << 20;
    private static final Schema LINES = Schema.of(
            Field.of("id", StandardSQLTypeName.INT64),
            Field.of("text", StandardSQLTypeName.STRING),
            Field.of("day", StandardSQLTypeName.DATE));

    private TableId lines(String name) throws Exception {
        return loaded(
                name,
                LINES,
                lines(
                        100,
                        i -> "{\"id\": %d, \"text\": \"line %d\", \"day\": \"2026-03-%02d\"}"
                                .formatted(i, i, 1 + i % 31)));
    }

    @Test
    void a_query_writes_a_table_and_its_parameters_are_typed() throws Exception {
        String path = "`" + place().project() + "." + place().dataset() + "."
                + lines("asked").getTable() + "`";
        QueryJobConfiguration query = query("""
                        SELECT * EXCEPT (day), MOD(ABS(FARM_FINGERPRINT(TO_JSON_STRING(t))), 4) AS part
                        FROM %s AS t -- the table
                        WHERE day = @day AND id < @most AND id IN UNNEST(@ids) AND text != "it's" AND CAST(id AS STRING) != @no
                        """.formatted(path))
                .addNamedParameter("day", QueryParameterValue.date("2026-03-02"))
                .addNamedParameter("most", QueryParameterValue.int64(50))
                .addNamedParameter("ids", QueryParameterValue.array(new Long[] {1L, 2L, 32L, 63L}, Long.class))
                .addNamedParameter("no", QueryParameterValue.string("7"))
                .setDestinationTable(table("pinned"))
                .setClustering(
                        Clustering.newBuilder().setFields(List.of("part")).build())
                .setLabels(Map.of("run", "r1"))
                .build();

        Job job = run(query);

        assertThat(job.getStatus().getError()).isNull();
        assertThat(rows("pinned"))
                .satisfiesExactly(
                        first -> assertThat(first).matches("\\[1, line 1, [0-3]]"),
                        second -> assertThat(second).matches("\\[32, line 32, [0-3]]"));
        QueryJobConfiguration kept = job.getConfiguration();
        assertThat(kept.getLabels()).containsEntry("run", "r1");
        StandardTableDefinition pinned = Objects.requireNonNull(
                        place().bigQuery().getTable(table("pinned")))
                .getDefinition();
        assertThat(Objects.requireNonNull(pinned.getClustering()).getFields()).containsExactly("part");
        assertThat(error(query)).extracting(BigQueryError::getReason).isEqualTo("duplicate");
    }

    @Test
    void an_unqualified_table_is_one_of_the_default_dataset_unless_with_names_it() throws Exception {
        lines("standard");
        QueryJobConfiguration query = query("WITH few AS (SELECT id FROM standard WHERE id < 3),"
                        + " more AS (SELECT standard.id FROM " + place().dataset()
                        + ".standard, few AS f WHERE standard.id = f.id + 1)"
                        + " SELECT few.id, EXTRACT(DAY FROM day) AS d FROM few JOIN standard USING (id) JOIN more USING (id)"
                        + " ORDER BY few.id")
                .build();
        TableResult result = run(query).getQueryResults();
        assertThat(result.getTotalRows()).isEqualTo(2);
        List<Long> days = new ArrayList<>();
        result.iterateAll().forEach(row -> days.add(row.get("d").getLongValue()));
        assertThat(days).containsExactly(2L, 3L);
    }

    @Test
    void a_job_is_there_once_and_not_found_in_another_location() throws Exception {
        JobId id = id("once");
        run(id, query("SELECT 1 AS one").build());
        assertThat(Objects.requireNonNull(place().bigQuery().getJob(id))
                        .getStatus()
                        .getState())
                .hasToString("DONE");
        assertThat(place().bigQuery()
                        .getJob(id.toBuilder().setLocation("asia-south2").build()))
                .isNull();
        assertThat(place().bigQuery().getJob(id("never"))).isNull();
        Job other = place().bigQuery()
                .create(JobInfo.of(id, query("SELECT 2 AS two").build()));
        assertThat(((QueryJobConfiguration) again(other).getConfiguration()).getQuery())
                .contains("one");
    }

    @Test
    void a_dry_run_tells_bytes_and_schema_and_leaves_nothing() throws Exception {
        lines("dry");
        Job dry = dryRun(
                place().location(),
                query("SELECT id, SUM(id) AS total FROM dry GROUP BY id")
                        .setDestinationTable(table("never"))
                        .build());
        QueryStatistics statistics = dry.getStatistics();
        assertThat(statistics.getTotalBytesProcessed()).isPositive();
        assertThat(Objects.requireNonNull(statistics.getSchema()).getFields())
                .extracting(Field::getName)
                .containsExactly("id", "total");
        assertThat(place().bigQuery().getTable(table("never"))).isNull();
    }

    private Job dryRun(String location, QueryJobConfiguration query) {
        return place().bigQuery()
                .create(JobInfo.of(
                        JobId.newBuilder().setLocation(location).build(),
                        query.toBuilder().setDryRun(true).build()));
    }

    @Test
    void what_is_wrong_with_a_query_is_said() throws Exception {
        lines("wrong");
        String dataset = place().project() + ":" + place().dataset();

        assertThat(refusal(query("SELECT foo FROM wrong").build())).isEqualTo("Unrecognized name: foo at [1:8]");
        assertThat(refusal(query("SELECT\n  l.foo FROM wrong AS l").build()))
                .isIn("Unrecognized name: foo at [2:5]", "Name foo not found inside l at [2:5]");
        assertThat(refusal(query("SELECT id FROM nothing").build()))
                .isEqualTo("Not found: Table " + dataset + ".nothing was not found in location " + place().location());
        assertThat(error(query("SELECT id FORM FROM wrong x y").build()))
                .extracting(BigQueryError::getReason)
                .isEqualTo("invalidQuery");
        assertThat(refusal(query("SELECT id FROM wrong WHERE id = @unknown").build()))
                .isEqualTo("Query parameter 'unknown' not found at [1:33]");
        assertThatThrownBy(() -> dryRun(
                        place().location(), query("SELECT foo FROM wrong").build()))
                .isInstanceOfSatisfying(BigQueryException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(400);
                    assertThat(e.getReason()).isEqualTo("invalidQuery");
                });
    }

    @Test
    void a_dry_run_looks_in_its_location_alone() throws Exception {
        lines("placed");
        assertThatThrownBy(() ->
                        dryRun("asia-south2", query("SELECT id FROM placed").build()))
                .hasMessage("Not found: Dataset " + place().project() + ":" + place().dataset()
                        + " was not found in location asia-south2");
    }

    @Test
    void a_dataset_that_is_hidden_is_denied_and_not_missing() throws Exception {
        TableId hidden = place().hidden();
        QueryJobConfiguration query = query("SELECT * FROM `" + hidden.getProject() + "." + hidden.getDataset() + "."
                        + hidden.getTable() + "`")
                .build();

        assertThat(error(query)).extracting(BigQueryError::getReason).isEqualTo("accessDenied");
        assertThat(refusal(query)).contains("or perhaps it does not exist");
    }

    @Test
    void ten_mebibytes_of_each_table_are_billed_at_least() throws Exception {
        lines("one");
        lines("two");
        String both = "SELECT one.id FROM one JOIN two USING (id)";

        assertThat(error(query(both).setMaximumBytesBilled(2 * LEAST_BILLED - 1).build()))
                .extracting(BigQueryError::getReason)
                .isEqualTo("bytesBilledLimitExceeded");
        Job job = run(query(both)
                .setUseQueryCache(false)
                .setMaximumBytesBilled(2 * LEAST_BILLED)
                .build());
        assertThat(job.getStatus().getError()).isNull();
        assertThat(((QueryStatistics) job.getStatistics()).getTotalBytesBilled())
                .isEqualTo(2 * LEAST_BILLED);
    }

    @Test
    void a_running_job_can_be_cancelled() throws Exception {
        loaded("many", LINES, lines(2_500, i -> "{\"id\": " + i + "}"));
        Job endless = place().bigQuery()
                .create(JobInfo.of(
                        id("endless"),
                        query(
                                        "SELECT COUNT(*) AS n FROM many a, many b, many c, many d WHERE a.id + b.id < c.id * d.id")
                                .build()));
        again(endless);
        endless.cancel();
        assertThat(Objects.requireNonNull(await(endless).getStatus().getError()).getReason())
                .isEqualTo("stopped");
    }

    @Test
    void the_result_of_a_query_has_no_required_column() throws Exception {
        Schema required = Schema.of(Field.newBuilder("id", StandardSQLTypeName.INT64)
                .setMode(Field.Mode.REQUIRED)
                .build());
        place().bigQuery().create(TableInfo.of(table("strict"), StandardTableDefinition.of(required)));
        loaded("loose", required, "{\"id\": 1}");
        QueryJobConfiguration.Builder query = query("SELECT id FROM loose").setDestinationTable(table("strict"));

        assertThat(refusal(query.setWriteDisposition(WriteDisposition.WRITE_TRUNCATE_DATA)
                        .build()))
                .isEqualTo("Invalid schema update. Field id has changed mode from REQUIRED to NULLABLE");
    }
}
