package io.modelbatch.result;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Parquet by DuckDB: a table in memory, filled by its appender and copied to the file. */
final class ParquetWriter implements ShardWriter {
    private static final String TABLE = "block";

    private @Nullable DuckDBConnection connection;

    @Override
    public void write(RecordBlock block, Path file) throws IOException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE " + TABLE + " (" + columns(block.schema()) + ")");
            append(block);
            statement.execute("COPY " + TABLE + " TO '" + file.toString().replace("'", "''")
                    + "' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + rowGroup(block.schema())
                    + metadata(block.schema()) + ")");
        } catch (SQLException e) {
            throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public String suffix() {
        return ".parquet";
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private DuckDBConnection connection() throws SQLException {
        if (connection == null) {
            connection = DuckDbLibrary.open(new Properties()).unwrap(DuckDBConnection.class);
        }
        return connection;
    }

    private void append(RecordBlock block) throws SQLException {
        try (DuckDBAppender appender = connection().createAppender(TABLE)) {
            Values values = new Values(appender);
            for (int row = 0; row < block.rows(); row++) {
                appender.beginRow();
                for (Column column : block.columns()) {
                    column.write(row, values);
                }
                appender.endRow();
            }
        }
    }

    /** Into the buffers of DuckDB's columns. */
    private record Values(DuckDBAppender appender) implements ValueWriter<SQLException> {
        @Override
        public void nothing() throws SQLException {
            appender.appendNull();
        }

        @Override
        public void text(String value) throws SQLException {
            appender.append(value);
        }

        @Override
        public void whole(long value) throws SQLException {
            appender.append(value);
        }

        @Override
        public void number(double value) throws SQLException {
            appender.append(value);
        }

        @Override
        public void scores(Scores value) throws SQLException {
            appender.append(value);
        }

        @Override
        public void embedding(float[] value) throws SQLException {
            appender.append(value);
        }

        @Override
        public void entities(List<Entity> value) throws SQLException {
            appender.append(value.stream().map(Values::struct).toList());
        }

        /** Its values are taken in their order. */
        private static Map<String, Object> struct(Entity entity) {
            Map<String, Object> struct = new LinkedHashMap<>();
            struct.put("entity", entity.entity());
            struct.put("score", entity.score());
            struct.put("start", entity.start());
            struct.put("end", entity.end());
            struct.put("word", entity.word());
            return struct;
        }
    }

    private static int rowGroup(RecordSchema schema) {
        return RowGroups.rows(
                schema.fields().stream().map(RecordSchema.Field::type).toList());
    }

    private static String metadata(RecordSchema schema) {
        return ArrowSchema.isNeeded(schema)
                ? ", KV_METADATA {'" + ArrowSchema.KEY + "': '" + ArrowSchema.base64(schema) + "'}"
                : "";
    }

    private static String columns(RecordSchema schema) {
        return schema.fields().stream()
                .map(field -> "\"" + field.name().replace("\"", "\"\"") + "\" "
                        + field.type().duckdb())
                .collect(Collectors.joining(", "));
    }
}
