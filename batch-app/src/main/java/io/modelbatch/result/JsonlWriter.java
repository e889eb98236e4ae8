package io.modelbatch.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** One JSON object a line. */
final class JsonlWriter implements ShardWriter {
    @Override
    public void write(RecordBlock block, Path file) throws IOException {
        List<RecordSchema.Field> fields = block.schema().fields();
        JsonLines.write(block.rows(), file, (row, json) -> {
            Values values = new Values(json);
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                json.writeName(fields.get(i).name());
                block.columns().get(i).write(row, values);
            }
            json.writeEndObject();
        });
    }

    @Override
    public String suffix() {
        return JsonLines.SUFFIX;
    }

    @Override
    public void close() {}

    /** Jackson's exceptions are unchecked, and there is nothing here that it would refuse. */
    private record Values(JsonGenerator json) implements ValueWriter<RuntimeException> {
        @Override
        public void nothing() {
            json.writeNull();
        }

        @Override
        public void text(String value) {
            json.writeString(value);
        }

        @Override
        public void whole(long value) {
            JsonLines.writeExactly(value, json);
        }

        @Override
        public void number(double value) {
            json.writeNumber(value);
        }

        @Override
        public void scores(Scores value) {
            json.writeStartObject();
            for (int i = 0; i < value.size(); i++) {
                json.writeName(value.label(i));
                json.writeNumber(value.value(i));
            }
            json.writeEndObject();
        }

        @Override
        public void embedding(float[] value) {
            json.writeStartArray();
            for (float number : value) {
                json.writeNumber(number);
            }
            json.writeEndArray();
        }

        @Override
        public void entities(List<Entity> value) {
            json.writeStartArray();
            for (Entity entity : value) {
                json.writeStartObject();
                json.writeName("entity");
                json.writeString(entity.entity());
                json.writeName("score");
                json.writeNumber(entity.score());
                json.writeName("start");
                json.writeNumber(entity.start());
                json.writeName("end");
                json.writeNumber(entity.end());
                json.writeName("word");
                json.writeString(entity.word());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }
}
