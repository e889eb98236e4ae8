package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A small model with random weights, and the answers that Hugging Face transformers gave with it. */
public record Fixture(Path model, JsonNode expected) {
    /** One text, or pair of texts, and the answer. */
    public record Case(String text, @Nullable String pair, long[] ids, long @Nullable [] types, JsonNode json) {
        /** The expected logits. */
        public double[] logits() {
            return doubles(json.path("logits"));
        }

        /** The expected output of a forward pass: logits, those of each token after the other, or an embedding. */
        public double[] numbers() {
            JsonNode logits = json.path("logits");
            if (logits.isMissingNode()) {
                return doubles(json.path("embedding"));
            }
            return logits.valueStream()
                    .flatMapToDouble(value ->
                            value.isArray() ? DoubleStream.of(doubles(value)) : DoubleStream.of(value.doubleValue()))
                    .toArray();
        }
    }

    /** All that there are. */
    public static List<String> names() throws IOException, URISyntaxException {
        try (Stream<Path> all = Files.list(Path.of(
                Objects.requireNonNull(Fixture.class.getResource("/fixtures")).toURI()))) {
            return all.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    public static Fixture named(String name) {
        try {
            Path folder = Path.of(Objects.requireNonNull(Fixture.class.getResource("/fixtures/" + name))
                    .toURI());
            return new Fixture(
                    folder.resolve("model"),
                    Json.object(Files.readAllBytes(folder.resolve("expected.json")), DisplayPath.of(folder)));
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    public List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode one : expected.path("cases")) {
            JsonNode pair = one.path("text_pair");
            JsonNode types = one.path("token_type_ids");
            cases.add(new Case(
                    one.path("text").stringValue(),
                    pair.isString() ? pair.stringValue() : null,
                    longs(one.path("input_ids")),
                    types.isArray() ? longs(types) : null,
                    one));
        }
        return cases;
    }

    /** The purpose of the directory. */
    public Task task() {
        return Task.valueOf(
                expected.path("task").stringValue().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    public int maxLength() {
        return expected.path("max_length").intValue();
    }

    private static long[] longs(JsonNode array) {
        return array.valueStream().mapToLong(JsonNode::longValue).toArray();
    }

    static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }
}
