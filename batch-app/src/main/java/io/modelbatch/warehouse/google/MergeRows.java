package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.TableId;
import io.modelbatch.warehouse.TableLoad.Mode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A statement that puts rows into a table, in place of those of the table or of a day, or beside them. No row is matched, so it does both
 * at once and nothing else.
 */
final class MergeRows {
    private MergeRows() {}

    /**
     * The statement.
     *
     * @param table that receives the rows
     * @param rows their columns
     * @param whole the table's name
     * @param from where the rows are
     */
    static String sql(TargetTable table, Schema rows, TableId whole, TableId from) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Field column : rows.getFields()) {
            values.put(BigQueryNames.quoted(column.getName()), BigQueryNames.quoted(column.getName()));
        }
        if (table.target().day() != null) {
            values.put(dayColumn(table), day(table));
        }
        return "MERGE `" + BigQueryNames.path(whole) + "` AS t USING `" + BigQueryNames.path(from) + "` AS s ON FALSE"
                + (table.target().mode() == Mode.REPLACE
                        ? " WHEN NOT MATCHED BY SOURCE" + ofDay(table) + " THEN DELETE"
                        : "")
                + " WHEN NOT MATCHED THEN INSERT (" + String.join(", ", values.keySet()) + ") VALUES ("
                + String.join(", ", values.values()) + ")";
    }

    private static String ofDay(TargetTable table) {
        return table.target().day() == null
                ? ""
                : " AND DATE(t." + dayColumn(table) + ") = DATE '"
                        + table.target().day() + "'";
    }

    /** Where the service keeps the day beside the rows, that is a column too. */
    private static String dayColumn(TargetTable table) {
        return table.dayColumn()
                .map(column -> BigQueryNames.quoted(column.getName()))
                .orElse("_PARTITIONTIME");
    }

    private static String day(TargetTable table) {
        return "CAST('" + table.target().day() + "' AS "
                + table.dayColumn().map(ShardFormat::sqlType).orElse("TIMESTAMP") + ")";
    }
}
