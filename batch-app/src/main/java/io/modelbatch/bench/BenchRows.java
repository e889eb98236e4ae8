package io.modelbatch.bench;

import io.modelbatch.base.JsonErrorText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows of a file with a JSON object a line: {@code text}, and {@code id} unless the lines are to be counted. */
final class BenchRows implements AutoCloseable {
    private final Path file;
    private final BufferedReader lines;
    private long line;

    private BenchRows(Path file, BufferedReader lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Some rows. */
    record Block(List<Object> keys, List<@Nullable String> texts) {}

    static BenchRows open(Path file) throws IOException {
        try {
            return new BenchRows(file, Files.newBufferedReader(file));
        } catch (NoSuchFileException e) {
            throw new BenchException(file + " is missing; --rows is a file with one JSON object per line, such as"
                    + " {\"id\": 1, \"text\": \"…\"}");
        }
    }

    /** The next rows, at most so many; empty at the end. */
    Optional<Block> next(int most) throws IOException {
        List<Object> keys = new ArrayList<>();
        List<@Nullable String> texts = new ArrayList<>();
        for (String text = null; keys.size() < most && (text = lines.readLine()) != null; ) {
            line++;
            if (!text.isBlank()) {
                add(text, keys, texts);
            }
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new Block(keys, texts));
    }

    private void add(String json, List<Object> keys, List<@Nullable String> texts) {
        JsonNode row = parsed(json);
        JsonNode id = row.path("id");
        if (!row.path("text").isString()) {
            throw new BenchException(file + ", line " + line + " has no \"text\"");
        }
        keys.add(id.isIntegralNumber() ? (Object) id.asLong() : id.isString() ? id.stringValue() : (Object) line);
        texts.add(row.path("text").stringValue());
    }

    private JsonNode parsed(String json) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new BenchException(file + ", line " + line + " is not valid JSON: " + JsonErrorText.words(e));
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
