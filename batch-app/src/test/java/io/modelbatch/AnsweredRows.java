package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Id, label and score of rows that a classifier answered. */
final class AnsweredRows {
    private AnsweredRows() {}

    /** Those of Parquet files, which a pattern names. */
    static List<List<Object>> read(String files) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var found = statement.executeQuery("select id, label, score from '" + files + "'")) {
            while (found.next()) {
                rows.add(List.of(found.getObject(1), found.getString(2), found.getDouble(3)));
            }
        }
        return rows;
    }

    /** Those of all shards in the folder of a result, listed or not, by their id. None may be there twice. */
    static Map<Long, List<Object>> in(Path result) throws SQLException {
        Map<Long, List<Object>> rows = new TreeMap<>();
        for (List<Object> row : read(result.resolve("*.parquet").toString())) {
            assertThat(rows.put((Long) row.get(0), row))
                    .as("row %s twice", row.get(0))
                    .isNull();
        }
        return rows;
    }
}
