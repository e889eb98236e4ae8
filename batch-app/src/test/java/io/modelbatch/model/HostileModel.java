package io.modelbatch.model;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A damage to a good model, and what must be said of it.
 *
 * @param name what is wrong
 * @param fixture the good model
 * @param damage does it to a copy
 * @param words parts of the message
 */
record HostileModel(String name, String fixture, Damage damage, List<String> words) {
    static final String WEIGHTS = "model.safetensors";
    static final String CONFIG = "config.json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Changes a copy of a model. */
    @FunctionalInterface
    interface Damage {
        void to(Path model) throws Exception;

        default Damage then(Damage next) {
            return model -> {
                to(model);
                next.to(model);
            };
        }
    }

    static HostileModel classifier(String name, Damage damage, String... words) {
        return new HostileModel(name, "bert-classification", damage, List.of(words));
    }

    static HostileModel sharded(String name, Damage damage, String... words) {
        return new HostileModel(name, "bert-cased-sharded", damage, List.of(words));
    }

    static HostileModel sentences(String name, Damage damage, String... words) {
        return new HostileModel(name, "sentence-embeddings", damage, List.of(words));
    }

    HostileModel of(String other) {
        return new HostileModel(name, other, damage, words);
    }

    /** The damaged copy. */
    Path in(Path folder) throws Exception {
        Path model = folder.resolve("model");
        Path original = Fixture.named(fixture).model();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(original.relativize(file).toString()));
            }
        }
        damage.to(model);
        return model;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A file with this text. */
    static Damage text(String file, String content) {
        return model -> {
            Files.createDirectories(model.resolve(file).getParent());
            Files.writeString(model.resolve(file), content);
        };
    }

    static Damage bytes(String file, UnaryOperator<byte[]> change) {
        return model -> Files.write(model.resolve(file), change.apply(Files.readAllBytes(model.resolve(file))));
    }

    static Damage without(String file) {
        return model -> Files.delete(model.resolve(file));
    }

    /** A file of so many bytes that takes no room. */
    static Damage sparse(String file, long bytes) {
        return model -> {
            try (RandomAccessFile large =
                    new RandomAccessFile(model.resolve(file).toFile(), "rw")) {
                large.setLength(bytes);
            }
        };
    }

    static Damage pipe(String file) {
        return without(file)
                .then(model -> new ProcessBuilder("mkfifo", model.resolve(file).toString())
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    static Damage folder(String file) {
        return without(file).then(model -> Files.createDirectory(model.resolve(file)));
    }

    static Damage link(String file, String target) {
        return without(file).then(model -> Files.createSymbolicLink(model.resolve(file), Path.of(target)));
    }

    /** A JSON file with a change. */
    static Damage json(String file, Consumer<ObjectNode> change) {
        return model -> {
            ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(model.resolve(file)));
            change.accept(json);
            Files.write(model.resolve(file), JSON.writeValueAsBytes(json));
        };
    }

    /** A {@code config.json} with an entry more, or another. */
    static Damage config(String key, String value) {
        return json(CONFIG, config -> config.set(key, JSON.readTree(value)));
    }

    /** Modules, each of a type and in a folder. */
    static Damage modules(String... typesAndFolders) {
        return model -> {
            ArrayNode modules = JSON.createArrayNode();
            for (int i = 0; i < typesAndFolders.length; i += 2) {
                modules.addObject()
                        .put("idx", i / 2)
                        .put("type", typesAndFolders[i])
                        .put("path", typesAndFolders[i + 1]);
            }
            Files.write(model.resolve("modules.json"), JSON.writeValueAsBytes(modules));
        };
    }

    /** Weights with another header before the same numbers. */
    static Damage header(Consumer<ObjectNode> change) {
        return rawHeader(header -> {
            ObjectNode json = (ObjectNode) JSON.readTree(header);
            change.accept(json);
            return JSON.writeValueAsString(json);
        });
    }

    static Damage rawHeader(UnaryOperator<String> change) {
        return bytes(WEIGHTS, file -> {
            int length = Math.toIntExact(
                    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
            byte[] header = change.apply(new String(file, 8, length, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(file.length - length + header.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .put(header)
                    .put(file, 8 + length, file.length - 8 - length)
                    .array();
        });
    }

    /** Another length of the header, said by its first eight bytes. */
    static Damage headerLength(long length) {
        return bytes(WEIGHTS, file -> {
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            return file;
        });
    }

    /** A tensor's first number. */
    static Damage number(String tensor, float value) {
        return model -> {
            byte[] file = Files.readAllBytes(model.resolve(WEIGHTS));
            ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(buffer.getLong());
            int offset = JSON.readTree(file, 8, length)
                    .path(tensor)
                    .path("data_offsets")
                    .path(0)
                    .intValue();
            buffer.putFloat(8 + length + offset, value);
            Files.write(model.resolve(WEIGHTS), file);
        };
    }
}
