package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.BigQuery.TableDataListOption;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tables, and their rows in each type by REST and by Arrow. */
public abstract class TablesContract extends BigQueryContract {
    private static final Schema TYPES = Schema.of(
            Field.of("s", StandardSQLTypeName.STRING),
            Field.of("i", StandardSQLTypeName.INT64),
            Field.of("f", StandardSQLTypeName.FLOAT64),
            Field.of("n", StandardSQLTypeName.NUMERIC),
            Field.of("bn", StandardSQLTypeName.BIGNUMERIC),
            Field.of("b", StandardSQLTypeName.BOOL),
            Field.of("d", StandardSQLTypeName.DATE),
            Field.of("tm", StandardSQLTypeName.TIME),
            Field.of("dt", StandardSQLTypeName.DATETIME),
            Field.of("ts", StandardSQLTypeName.TIMESTAMP),
            Field.of("j", StandardSQLTypeName.JSON),
            Field.of("bytes", StandardSQLTypeName.BYTES),
            Field.newBuilder("a", StandardSQLTypeName.STRING)
                    .setMode(Field.Mode.REPEATED)
                    .build(),
            Field.newBuilder(
                            "r",
                            StandardSQLTypeName.STRUCT,
                            FieldList.of(
                                    Field.of("label", StandardSQLTypeName.STRING),
                                    Field.of("score", StandardSQLTypeName.FLOAT64)))
                    .setMode(Field.Mode.REPEATED)
                    .build());
    private static final String[] ROWS = {
        "{\"s\": \"ä\", \"i\": 7, \"f\": 1.5, \"n\": \"1.25\", \"bn\": \"0.5\", \"b\": true, \"d\": \"2026-03-31\","
                + " \"tm\": \"12:34:56.5\", \"dt\": \"2026-03-31 01:02:03\", \"ts\": \"2026-03-31 00:00:00.123456+00\","
                + " \"j\": {\"a\":1}, \"bytes\": \"YWI=\", \"a\": [\"x\", \"y\"], \"r\": [{\"label\": \"a\", \"score\": 0.5}]}",
        "{\"i\": null}"
    };

    @Test
    void every_type_comes_by_rest() throws Exception {
        TableId table = loaded("types", TYPES, ROWS);
        List<FieldValueList> rows = new ArrayList<>();
        Schema schema =
                Objects.requireNonNull(Objects.requireNonNull(place().bigQuery().getTable(table))
                        .getDefinition()
                        .getSchema());
        place().bigQuery().listTableData(table, schema).iterateAll().forEach(row -> {
            if (row.get("s").isNull()) {
                rows.add(row);
            } else {
                rows.add(0, row);
            }
        });
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
        ReadArrow arrow = new ReadArrow(place(), loaded("arrow", TYPES, ROWS).getTable());
        List<String> cells = arrow.cells(arrow.session("s IS NOT NULL"), 0);
        assertThat(cells)
                .containsExactly("[ä, 7, 1.5, 1.250000000, 0.50000000000000000000000000000000000000, true, 20543, "
                        + "45296500000, 2026-03-31T01:02:03, 1774915200123456, {\"a\":1}, ab, [\"x\",\"y\"], "
                        + "[{\"label\":\"a\",\"score\":0.5}]]");
        assertThat(arrow.cells(arrow.session("s IS NULL"), 0).get(0)).startsWith("[null, null, null, null");
    }

    @Test
    void pages_end_by_count_or_by_bytes() throws Exception {
        String text = "x".repeat(100_000);
        TableId table = loaded(
                "long",
                Schema.of(Field.of("id", StandardSQLTypeName.INT64), Field.of("text", StandardSQLTypeName.STRING)),
                lines(150, i -> "{\"id\": " + i + ", \"text\": \"" + text + "\"}"));
        TableResult small = place().bigQuery().listTableData(table, TableDataListOption.pageSize(40));
        assertThat(small.getValues()).hasSize(40);
        assertThat(small.iterateAll()).hasSize(150);
        TableResult large = place().bigQuery().listTableData(table);
        assertThat(large.getValues()).hasSizeBetween(90, 110);
        assertThat(large.iterateAll()).hasSize(150);
    }

    @Test
    void tables_are_made_described_changed_and_dropped() {
        Table made = place().bigQuery()
                .create(TableInfo.of(
                        table("made"),
                        StandardTableDefinition.of(Schema.of(
                                Field.of("id", StandardSQLTypeName.INT64),
                                Field.newBuilder("tags", StandardSQLTypeName.STRING)
                                        .setMode(Field.Mode.REPEATED)
                                        .build()))));
        assertThat(made.getCreationTime()).isPositive();
        assertThat(made.getEtag()).isNotEmpty();
        long tomorrow = System.currentTimeMillis() + 86_400_000;
        assertThat(made.toBuilder().setExpirationTime(tomorrow).build().update().getExpirationTime())
                .isEqualTo(tomorrow);
        assertThat(place().bigQuery().delete(table("made"))).isTrue();
        assertThat(place().bigQuery().delete(table("made"))).isFalse();
        assertThat(place().bigQuery().getTable(table("made"))).isNull();
        assertThat(Objects.requireNonNull(place().bigQuery().getDataset(place().dataset()))
                        .getLocation())
                .isEqualTo(place().location());
        assertThat(place().bigQuery().getDataset(place().dataset() + "_none")).isNull();
    }

    @Test
    void the_bytes_of_a_table_are_those_of_its_values() throws Exception {
        String[] texts = {"a", "ää", "line"};
        TableId table = loaded(
                "sized",
                Schema.of(Field.of("id", StandardSQLTypeName.INT64), Field.of("text", StandardSQLTypeName.STRING)),
                lines(texts.length, i -> "{\"id\": " + i + ", \"text\": \"" + texts[i] + "\"}"));

        Table sized = Objects.requireNonNull(place().bigQuery().getTable(table));
        assertThat(sized.getNumRows()).isEqualTo(3);
        assertThat(sized.getNumBytes())
                .isEqualTo(Arrays.stream(texts)
                        .mapToLong(text -> 8 + 2 + text.getBytes(StandardCharsets.UTF_8).length)
                        .sum());
    }
}
