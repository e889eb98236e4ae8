package io.modelbatch.warehouse.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table of the local environment as somebody has it, and what a query must find in it.
 *
 * @param title what is odd about it
 * @param files its files, by their path below the warehouse
 * @param query what is asked
 * @param rows what the query finds; none where the table is refused
 * @param words what a refusal says; none where the table is read
 */
public record LocalTable(String title, Map<String, Content> files, String query, List<Row> rows, List<String> words) {
    static final String QUERY = "SELECT id, text FROM shop.t";
    /** More rows than a reader that looks at the beginning only would look at. */
    static final int MANY = 20_600;

    static final String CSV = "shop/t.csv";
    static final String JSONL = "shop/t.jsonl";
    static final String SCHEMA = "shop/t.schema.yaml";

    /** A row as a reader sees it. */
    public record Row(Object key, @Nullable String text) {}

    /** A file, in bytes or as a SELECT whose rows become Parquet. */
    public record Content(byte[] bytes, Optional<String> select) {
        static Content of(String text) {
            return new Content(text.getBytes(UTF_8), Optional.empty());
        }

        static Content of(String text, Charset charset) {
            return new Content(text.getBytes(charset), Optional.empty());
        }

        static Content parquet(String select) {
            return new Content(new byte[0], Optional.of(select));
        }

        void write(Path file) throws Exception {
            Files.createDirectories(file.getParent());
            if (select.isEmpty()) {
                Files.write(file, bytes);
                return;
            }
            Path plain = Files.createTempFile("modelbatch", ".parquet"); // DuckDB would read a pattern in the name
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                statement.execute("COPY (" + select.get() + ") TO '" + plain + "' (FORMAT parquet)");
            }
            Files.move(plain, file);
        }
    }

    LocalTable with(String file, String content) {
        Map<String, Content> more = new LinkedHashMap<>(files);
        more.put(file, Content.of(content));
        return new LocalTable(title, more, query, rows, words);
    }

    LocalTable asked(String other) {
        return new LocalTable(title, files, other, rows, words);
    }

    @Override
    public String toString() {
        return title;
    }

    static LocalTable read(String title, String file, Content content, @Nullable Object... keysAndTexts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < keysAndTexts.length; i += 2) {
            rows.add(new Row(keysAndTexts[i], (String) keysAndTexts[i + 1]));
        }
        return new LocalTable(title, Map.of(file, content), QUERY, rows, List.of());
    }

    static LocalTable csv(String title, String content, @Nullable Object... keysAndTexts) {
        return read("csv: " + title, CSV, Content.of(content), keysAndTexts);
    }

    /** Its rows have the keys a, b, c … and these texts. */
    static LocalTable texts(String title, @Nullable String... fieldsAndTexts) {
        StringBuilder content = new StringBuilder("id,text\n");
        List<@Nullable Object> rows = new ArrayList<>();
        for (int i = 0; i < fieldsAndTexts.length; i += 2) {
            String key = "k" + i / 2;
            content.append(key).append(',').append(fieldsAndTexts[i]).append('\n');
            rows.addAll(Arrays.asList(key, fieldsAndTexts[i + 1]));
        }
        return csv(title, content.toString(), rows.toArray());
    }

    static LocalTable same(String title, String... texts) {
        return texts(
                title,
                Arrays.stream(texts).flatMap(text -> Stream.of(text, text)).toArray(String[]::new));
    }

    static LocalTable jsonl(String title, String content, @Nullable Object... keysAndTexts) {
        return read("jsonl: " + title, JSONL, Content.of(content), keysAndTexts);
    }

    /** A JSON value for text, and its text. */
    static LocalTable values(String title, @Nullable String... valuesAndTexts) {
        StringBuilder content = new StringBuilder();
        List<@Nullable Object> rows = new ArrayList<>();
        for (int i = 0; i < valuesAndTexts.length; i += 2) {
            String key = "k" + i / 2;
            content.append("{\"id\":\"%s\",\"text\":%s}%n".formatted(key, valuesAndTexts[i]));
            rows.addAll(Arrays.asList(key, valuesAndTexts[i + 1]));
        }
        return jsonl(title, content.toString(), rows.toArray());
    }

    static LocalTable parquet(String title, String select, @Nullable Object... keysAndTexts) {
        return read("parquet: " + title, "shop/t.parquet", Content.parquet(select), keysAndTexts);
    }

    static LocalTable refused(String title, String file, Content content, String... words) {
        return new LocalTable(title, Map.of(file, content), QUERY, List.of(), List.of(words));
    }

    static LocalTable refusedCsv(String title, String content, String... words) {
        return refused("csv: " + title, CSV, Content.of(content), words);
    }

    static LocalTable refusedJson(String title, String content, String... words) {
        return refused("jsonl: " + title, JSONL, Content.of(content), words);
    }

    /** Rows k0, k1 … with the text {@code t}, and a last one. */
    static String many(String header, String row, String last) {
        return header + IntStream.range(0, MANY).mapToObj(row::formatted).collect(Collectors.joining()) + last;
    }

    /** The same in another dataset than {@code shop}. */
    public LocalTable in(String dataset) {
        Map<String, Content> moved = new LinkedHashMap<>();
        files.forEach((file, content) -> moved.put(file.replaceFirst("^shop/", dataset + "/"), content));
        return new LocalTable(title, moved, query.replace("shop.t", dataset + ".t"), rows, words);
    }

    /** Writes its files. */
    public void write(Path warehouse) throws Exception {
        for (Map.Entry<String, Content> file : files.entrySet()) {
            file.getValue().write(warehouse.resolve(file.getKey()));
        }
    }
}
