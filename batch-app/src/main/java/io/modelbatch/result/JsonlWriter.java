package io.modelbatch.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object a line. */
final class JsonlWriter implements ShardWriter {
    @Override
    public void write(RecordBlock block, Path file) throws IOException {
        List<RecordSchema.Field> fields = block.schema().fields();
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (List<@Nullable Object> values : block.records()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            for (int i = 0; i < fields.size(); i++) {
                line.put(fields.get(i).name(), values.get(i));
            }
            lines.add(line);
        }
        JsonLines.write(lines, file);
    }

    @Override
    public String suffix() {
        return JsonLines.SUFFIX;
    }

    @Override
    public void close() {}
}
