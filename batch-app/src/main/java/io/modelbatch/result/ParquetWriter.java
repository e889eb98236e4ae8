package io.modelbatch.result;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
            for (List<@Nullable Object> values : block.records()) {
                appender.beginRow();
                for (Object value : values) {
                    append(appender, value);
                }
                appender.endRow();
            }
        }
    }

    private static void append(DuckDBAppender appender, @Nullable Object value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else if (value instanceof String text) {
            appender.append(text);
        } else if (value instanceof Long number) {
            appender.append(number.longValue());
        } else if (value instanceof Double number) {
            appender.append(number.doubleValue());
        } else if (value instanceof Map<?, ?> scores) {
            appender.append(scores);
        } else if (value instanceof float[] embedding) {
            appender.append(embedding);
        } else if (value instanceof List<?> entities) {
            appender.append(structs(entities));
        } else {
            throw new IllegalArgumentException(
                    "No column can hold a " + value.getClass().getName());
        }
    }

    /** Its values are taken in their order. */
    private static List<Map<String, Object>> structs(List<?> entities) {
        List<Map<String, Object>> structs = new ArrayList<>(entities.size());
        for (Object value : entities) {
            Entity entity = (Entity) value;
            Map<String, Object> struct = new LinkedHashMap<>();
            struct.put("entity", entity.entity());
            struct.put("score", entity.score());
            struct.put("start", entity.start());
            struct.put("end", entity.end());
            struct.put("word", entity.word());
            structs.add(struct);
        }
        return structs;
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
