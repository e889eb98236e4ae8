package io.modelbatch.result;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Files of one JSON object a line, in UTF-8. */
public final class JsonLines {
    /** The suffix of such a file's name. */
    public static final String SUFFIX = ".jsonl";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build())
            .addModule(new SimpleModule().addSerializer(Long.class, new ExactLong()))
            .build();
    private static final long LARGEST_NUMBER = (1L << 53) - 1;
    /** Half a surrogate pair: UTF-8 cannot hold it, JSON can escape it. */
    private static final Pattern HALF_A_PAIR = Pattern.compile("\\p{Cs}");

    private JsonLines() {}

    /**
     * Whole numbers beyond 2^53 are texts, as in files that BigQuery exports: readers that have doubles for numbers, and BigQuery's load jobs,
     * would take another number for them.
     */
    private static final class ExactLong extends ValueSerializer<Long> {
        @Override
        public void serialize(Long value, JsonGenerator out, SerializationContext context) {
            writeExactly(value, out);
        }
    }

    static void writeExactly(long value, JsonGenerator out) {
        if (value > LARGEST_NUMBER || value < -LARGEST_NUMBER) {
            out.writeString(Long.toString(value));
        } else {
            out.writeNumber(value);
        }
    }

    /** Writes the object of a line. */
    @FunctionalInterface
    interface Line {
        void write(int number, JsonGenerator out);
    }

    /** Writes a new file, whole. */
    public static void write(List<? extends Map<String, ? extends @Nullable Object>> objects, Path file)
            throws IOException {
        write(objects.size(), file, (number, out) -> JSON.writeValue(out, objects.get(number)));
    }

    /** Writes a new file of so many lines. One of them is in memory at a time. */
    static void write(int lines, Path file, Line line) throws IOException {
        StringWriter text = new StringWriter();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int number = 0; number < lines; number++) {
                try (JsonGenerator json = JSON.createGenerator(text)) {
                    line.write(number, json);
                }
                out.write(escaped(text.toString()));
                out.write('\n');
                text.getBuffer().setLength(0);
            }
        }
    }

    private static String escaped(String line) {
        return HALF_A_PAIR
                .matcher(line)
                .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)));
    }
}
