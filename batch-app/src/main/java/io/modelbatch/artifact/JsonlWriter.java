package io.modelbatch.artifact;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line. */
final class JsonlWriter implements ShardWriter {
    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public void write(RecordBlock block, Path file) throws IOException {
        List<RecordSchema.Field> fields = block.schema().fields();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (List<@Nullable Object> values : block.records()) {
                Map<String, @Nullable Object> line = new LinkedHashMap<>();
                for (int i = 0; i < fields.size(); i++) {
                    line.put(fields.get(i).name(), values.get(i));
                }
                out.write(json.writeValueAsString(line));
                out.write('\n');
            }
        }
    }

    @Override
    public String suffix() {
        return ".jsonl";
    }

    @Override
    public void close() {}
}
