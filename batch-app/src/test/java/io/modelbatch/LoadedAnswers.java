package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table {@code shop.answers} of a {@link SmallShop}, beside the rows that were read. */
final class LoadedAnswers {
    private LoadedAnswers() {}

    /** The rows of a query over {@code answers} and {@code lines}. */
    static List<List<String>> query(Path folder, String query) throws IOException, SQLException {
        Path warehouse = folder.resolve("local/warehouse/shop");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE VIEW lines AS SELECT * FROM read_csv('" + warehouse.resolve("lines.csv") + "')");
            statement.execute("CREATE VIEW answers AS SELECT * FROM read_parquet('" + table(warehouse) + "')");
            try (ResultSet result = statement.executeQuery(query)) {
                List<List<String>> rows = new ArrayList<>();
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    private static Path table(Path warehouse) throws IOException {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(file -> file.toString().contains("answers")
                            && file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
