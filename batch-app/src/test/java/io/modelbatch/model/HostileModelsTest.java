package io.modelbatch.model;

import static io.modelbatch.model.HostileModel.CONFIG;
import static io.modelbatch.model.HostileModel.WEIGHTS;
import static io.modelbatch.model.HostileModel.bytes;
import static io.modelbatch.model.HostileModel.classifier;
import static io.modelbatch.model.HostileModel.config;
import static io.modelbatch.model.HostileModel.folder;
import static io.modelbatch.model.HostileModel.header;
import static io.modelbatch.model.HostileModel.headerLength;
import static io.modelbatch.model.HostileModel.json;
import static io.modelbatch.model.HostileModel.link;
import static io.modelbatch.model.HostileModel.modules;
import static io.modelbatch.model.HostileModel.number;
import static io.modelbatch.model.HostileModel.pipe;
import static io.modelbatch.model.HostileModel.rawHeader;
import static io.modelbatch.model.HostileModel.sentences;
import static io.modelbatch.model.HostileModel.sharded;
import static io.modelbatch.model.HostileModel.sparse;
import static io.modelbatch.model.HostileModel.text;
import static io.modelbatch.model.HostileModel.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Whatever lies in a model's directory, opening it ends soon, in little memory, and in words that name the file and the cause. */
class HostileModelsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long LITTLE = 96L << 20;
    private static final String BIAS = "classifier.bias";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String DEEP = "[".repeat(100_000);
    private static final String TRANSFORMER = "sentence_transformers.models.Transformer";
    private static final String POOLING = "sentence_transformers.models.Pooling";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource({"weights", "headers", "indexes", "configs", "sizes", "tokenizers", "sentenceModels", "places"})
    void isRefusedInWords(HostileModel hostile) throws Exception {
        Path model = hostile.in(folder);
        Throwable thrown = assertTimeoutPreemptively(SOON, () -> measured(model, hostile.name()));
        assertThat(thrown).isInstanceOfAny(ModelException.class, TokenizerException.class);
        assertThat(thrown)
                .hasMessageContaining(model.toString())
                .hasMessageContainingAll(hostile.words().toArray(String[]::new));
        assertThat(thrown.getMessage()).hasSizeLessThan(5_000).doesNotContainPattern("\\p{Cntrl}");
    }

    /** A run opens the copy in the cache, also of a model that lies in a bucket. */
    @ParameterizedTest
    @MethodSource({"weights", "headers", "indexes", "configs", "tokenizers", "sentenceModels"})
    void isNamedAsItsUserNamesIt(HostileModel hostile) throws Exception {
        Path model = hostile.in(Files.createDirectories(folder.resolve("buckets/shop")));
        ModelRepository models =
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));
        List<String> references = new ArrayList<>(List.of(model.toString()));
        if (isSmallAndRegular(model)) {
            references.add("gs://shop/model");
        }
        String words = String.join(" ", hostile.words());
        if (references.size() == 2 && !words.contains("NaN") && !words.contains("Infinity")) {
            isRefusedByItsOutline(model, hostile);
        }
        for (String reference : references) {
            Throwable thrown = catchThrowable(() -> open(models.open(reference)));
            assertThat(thrown).isInstanceOfAny(ModelException.class, TokenizerException.class);
            assertThat(thrown)
                    .hasMessageContaining(reference)
                    .hasMessageContainingAll(hostile.words().toArray(String[]::new))
                    .message()
                    .doesNotContain(folder.resolve("cache").toString());
        }
    }

    /** Everything but the numbers is looked at where the model lies in a bucket that is far away. */
    private void isRefusedByItsOutline(Path model, HostileModel hostile) throws IOException {
        MemoryStore store = new MemoryStore();
        try (Stream<Path> files = Files.walk(model).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                store.put(
                        ObjectUri.parse("gs://shop/model")
                                .child(model.relativize(file).toString()),
                        file);
            }
        }
        Path cache = folder.resolve("outlines");
        ModelRepository models = new ModelRepository(store, cache);
        assertThatThrownBy(() -> models.verify("gs://shop/model", this::open))
                .isInstanceOfAny(ModelException.class, TokenizerException.class)
                .hasMessageContaining("gs://shop/model")
                .hasMessageContainingAll(hostile.words().toArray(String[]::new))
                .message()
                .doesNotContain(cache.toString());
        assertThat(cache)
                .satisfiesAnyOf(
                        none -> assertThat(none).doesNotExist(),
                        empty -> assertThat(empty.resolve("models")).isEmptyDirectory());
    }

    /** As the objects of a bucket are, and soon copied. */
    private static boolean isSmallAndRegular(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .allMatch(file -> Files.isRegularFile(file) && file.toFile().length() < 1 << 20);
        }
    }

    private Throwable measured(Path model, String name) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable thrown = catchThrowable(() -> open(model));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes that it takes to refuse: %s", name)
                .isLessThan(LITTLE);
        return thrown;
    }

    /** All that is done before the engine is given the archive. */
    private void open(Path model) throws IOException {
        open(PretrainedModel.open(model));
    }

    private void open(PretrainedModel model) throws IOException {
        Task task = ModelFile.exists(model.directory().resolve("modules.json"))
                ? Task.FEATURE_EXTRACTION
                : Task.TEXT_CLASSIFICATION;
        TaskModel opened = model.forTask(task);
        Tokenizer.open(
                        opened.directory(),
                        opened.config().sizes().positions(),
                        OptionalInt.empty(),
                        Tokenizer.Case.AS_IT_IS)
                .close();
        TorchScriptArchive.write(
                Files.createTempDirectory(folder, "archive").resolve("archive.pt"),
                opened.script(new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-classification", "bert-cased-sharded", "sentence-embeddings"})
    void theUndamagedModelsAreOpened(String fixture) throws Exception {
        assertThat(measured(new HostileModel("", fixture, model -> {}, List.of()).in(folder), fixture))
                .isNull();
    }

    /** As the cache of Hugging Face's hub keeps a model. */
    @Test
    void linksToFilesElsewhereAreFollowed() throws Exception {
        Path model = classifier("", link(CONFIG, "../blobs/1").then(link(WEIGHTS, "../blobs/2")))
                .in(folder);
        Path good = Fixture.named("bert-classification").model();
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Files.copy(good.resolve(CONFIG), blobs.resolve("1"));
        Files.copy(good.resolve(WEIGHTS), blobs.resolve("2"));
        open(model);
    }

    /** Hugging Face transformers does not run it either, where it knows the architecture. */
    @Test
    void codeThatComesWithAModelIsNotRun() throws Exception {
        Path model = classifier(
                        "",
                        config("auto_map", "{\"AutoModel\":\"evil.Model\"}")
                                .then(text("evil.py", "raise SystemExit('run')")))
                .in(folder);
        open(model);
        assertThat(ModelFiles.list(model)).doesNotContain("evil.py");
    }

    private static HostileModel foreign(String file, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("model/" + file);
        return classifier(
                "only " + file,
                model -> Files.move(model.resolve(WEIGHTS), model.resolve(file)),
                all.toArray(String[]::new));
    }

    static Stream<HostileModel> weights() {
        return Stream.of(
                classifier("empty weights", text(WEIGHTS, ""), WEIGHTS, "too few for a header"),
                classifier("weights of seven bytes", text(WEIGHTS, "1234567"), WEIGHTS, "too few for a header"),
                classifier("a header of length 0", headerLength(0), WEIGHTS, "header claims 0 bytes"),
                classifier("a header of length 1", headerLength(1), WEIGHTS, "header claims 1 bytes"),
                classifier("a negative length", headerLength(-1), WEIGHTS, "header claims 18446744073709551615 bytes"),
                classifier("the smallest length", headerLength(Long.MIN_VALUE), WEIGHTS, "9223372036854775808"),
                classifier("a huge length", headerLength(Long.MAX_VALUE - 7), WEIGHTS, "9223372036854775800"),
                classifier("a header longer than the file", headerLength(400_000), WEIGHTS, "the file has 314104"),
                classifier("a header cut short", headerLength(4_000), WEIGHTS, "not valid JSON"),
                classifier("a header that reaches into the data", headerLength(4_400), WEIGHTS, "not valid JSON"),
                classifier(
                        "a file cut in the header", bytes(WEIGHTS, all -> Arrays.copyOf(all, 2_000)), WEIGHTS, "2000"),
                classifier(
                        "a file cut in the data",
                        bytes(WEIGHTS, all -> Arrays.copyOf(all, 300_000)),
                        WEIGHTS,
                        "lies at"),
                classifier(
                        "bytes at the end",
                        bytes(WEIGHTS, all -> Arrays.copyOf(all, all.length + 1)),
                        WEIGHTS,
                        "its tensors take 309712 bytes, but it has 309713"),
                classifier("a page in place of weights", text(WEIGHTS, "<!DOCTYPE html>\n<html>".repeat(99)), WEIGHTS),
                classifier(
                        "a pointer in place of weights",
                        text(WEIGHTS, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 314104\n"),
                        WEIGHTS),
                classifier("a weight that is NaN", number(BIAS, Float.NaN), WEIGHTS, BIAS, "NaN"),
                classifier("an infinite weight", number(BIAS, Float.NEGATIVE_INFINITY), WEIGHTS, BIAS, "-Infinity"),
                classifier(
                        "a NaN in what is stacked",
                        number("bert.encoder.layer.1.attention.self.key.weight", Float.NaN),
                        WEIGHTS,
                        "layer.1.attention.self.key.weight"),
                classifier("a terabyte", sparse(WEIGHTS, 1L << 40), WEIGHTS, "1099511627776 bytes"),
                classifier("a terabyte beside it", sparse("other.safetensors", 1L << 40), "other.safetensors", "bytes"),
                classifier("a terabyte of words", sparse("vocab.txt", 1L << 40), "vocab.txt", "1099511627776 bytes"),
                classifier(
                        "a header as large as a disk",
                        headerLength(90_000_000).then(sparse(WEIGHTS, 100_000_000)),
                        WEIGHTS,
                        "header claims 90000000 bytes"),
                classifier(
                        "a pickle",
                        model -> Files.move(model.resolve(WEIGHTS), model.resolve("pytorch_model.bin")),
                        "pytorch_model.bin",
                        "is a pickle",
                        "save_pretrained"),
                classifier(
                        "a pickle whose name writes to the terminal",
                        model -> Files.move(model.resolve(WEIGHTS), model.resolve("a\u001b[2J\r\nOK\u202e.bin")),
                        "a\\u001b[2J\\u000d\\u000aOK\\u202e.bin",
                        "is a pickle"),
                foreign("model-00001-of-00002.safetensors", "one shard of the weights", INDEX),
                foreign("adapter_model.safetensors", "an adapter", "adapter_config.json is missing"),
                foreign("tf_model.h5", "TensorFlow", "from_tf=True", "save_pretrained"),
                foreign("saved_model.pb", "TensorFlow"),
                foreign("flax_model.msgpack", "Flax", "from_flax=True", "save_pretrained"),
                foreign("model.onnx", "ONNX", "exported from", "TorchScript archive of your own"),
                foreign("openvino_model.bin", "OpenVINO"),
                foreign("bert-q4_k_m.gguf", "GGUF", "made from"),
                foreign("bert.safetensors", "not read under this name", WEIGHTS),
                foreign("model.pt", "pickle", "save_pretrained"),
                classifier(
                        "ONNX and nothing else",
                        without(WEIGHTS).then(without(CONFIG)).then(text("model.onnx", "?")),
                        "model.onnx",
                        "does not run here"),
                classifier(
                        "files of a trainer beside a pickle",
                        model -> {
                            Files.move(model.resolve(WEIGHTS), model.resolve("pytorch_model.bin"));
                            Files.writeString(model.resolve("optimizer.pt"), "?");
                        },
                        "pytorch_model.bin is a pickle"),
                classifier(
                        "an adapter beside the weights",
                        text("adapter_config.json", "{\"peft_type\":\"LORA\"}"),
                        "adapter_config.json",
                        "merge_and_unload"),
                classifier(
                        "an adapter alone",
                        text("adapter_config.json", "{}").then(without(CONFIG)).then(without(WEIGHTS)),
                        "adapter_config.json",
                        "merge_and_unload"));
    }

    static Stream<HostileModel> headers() {
        return Stream.of(
                classifier("a header that is no JSON", rawHeader(header -> "x" + header), WEIGHTS, "not valid JSON"),
                classifier("a header that is a list", rawHeader(header -> "[" + header + "]"), WEIGHTS, "JSON object"),
                classifier("two headers", rawHeader(header -> header + "{}"), WEIGHTS, "not valid JSON"),
                classifier("an empty header", rawHeader(header -> "{}"), WEIGHTS, "take 0 bytes"),
                classifier(
                        "a header that is deep",
                        rawHeader(header -> "{\"__metadata__\":" + DEEP),
                        WEIGHTS,
                        "not valid JSON",
                        "nesting"),
                classifier(
                        "a header of half a million lists",
                        rawHeader(header -> "{\"a\":[" + "[],".repeat(1_200_000) + "[]]}"),
                        WEIGHTS,
                        "not valid JSON"),
                classifier(
                        "a tensor twice",
                        rawHeader(header -> header.replace("\"classifier.weight\"", "\"" + BIAS + "\"")),
                        WEIGHTS,
                        "Duplicate"),
                classifier(
                        "an entry twice",
                        rawHeader(header ->
                                header.replaceFirst("\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"dtype\":\"F16\"")),
                        WEIGHTS,
                        "Duplicate"),
                tensor("a negative offset", "data_offsets", "[-16,0]", "-16"),
                tensor("an overlap", "data_offsets", "[16,32]", "overlaps"),
                tensor("a range beyond the end", "data_offsets", "[309712,309728]", "has 309712 bytes of data"),
                tensor("a reversed range", "data_offsets", "[16,0]", "lies at 16 to 0"),
                tensor("offsets that are texts", "data_offsets", "[\"0\",\"16\"]", "a number of bytes"),
                tensor("offsets that are fractions", "data_offsets", "[0.5,16.5]", "0.5"),
                tensor("an offset of 2^63", "data_offsets", "[0,9223372036854775808]", "9223372036854775808"),
                tensor("an offset of 2^63-1", "data_offsets", "[0,9223372036854775807]", "9223372036854775807"),
                tensor("an offset of 400 digits", "data_offsets", "[0,1" + "0".repeat(400) + "]", "000"),
                tensor("one offset", "data_offsets", "[0]", "no pair of data_offsets"),
                tensor("three offsets", "data_offsets", "[0,8,16]", "no pair of data_offsets"),
                tensor("offsets by name", "data_offsets", "{\"0\":0,\"1\":16}", "no pair of data_offsets"),
                tensor("a negative shape", "shape", "[-4]", "-4"),
                tensor("a shape of 2^64 numbers", "shape", "[4294967296,4294967296]", "impossible shape"),
                tensor("a shape of 2^62 numbers", "shape", "[4611686018427387904]", "impossible shape"),
                tensor("a shape of a billion numbers", "shape", "[1000000000]", "takes 4000000000 bytes"),
                tensor("a shape with fractions", "shape", "[4.0]", "4.0"),
                tensor("a shape that is a number", "shape", "4", "no dtype or no shape"),
                tensor("a shape of many dimensions", "shape", "[" + "1,".repeat(100_000) + "5]", "by its shape"),
                tensor("another shape of as many numbers", "shape", "[2,2]", "has shape [2, 2]", "[4]"),
                tensor("an unknown type", "dtype", "\"F4\"", "F4", "F32"),
                tensor("a type of one byte", "dtype", "\"F8_E4M3\"", "takes 4 bytes"),
                tensor("numbers of 64 bits", "dtype", "\"I64\"", "takes 32 bytes"),
                tensor("whole numbers of 32 bits", "dtype", "\"I32\"", "I32", "F32"),
                tensor("a type that is null", "dtype", "null", "no dtype or no shape"),
                tensor("a type that writes to the terminal", "dtype", "\"\\u001b]0;x\\u0007\"", "\\u001b]0;x\\u0007"),
                classifier("a tensor that is a number", header(header -> header.put(BIAS, 1)), WEIGHTS, "data_offsets"),
                classifier(
                        "a tensor that is not there",
                        rawHeader(header -> header.replace(BIAS, "classifier.bios")),
                        BIAS,
                        "is missing"),
                classifier(
                        "a gap",
                        header(header -> header.remove("bert.embeddings.LayerNorm.bias")),
                        WEIGHTS,
                        "leaves a gap"));
    }

    private static HostileModel tensor(String name, String key, String value, String... words) {
        String[] all = Stream.concat(Stream.of(WEIGHTS), Arrays.stream(words)).toArray(String[]::new);
        return classifier(
                name,
                rawHeader(header -> header.replaceFirst(
                        "(\"" + BIAS + "\":\\{.*?\"" + key + "\":)(\".*?\"|\\[.*?])",
                        "$1" + java.util.regex.Matcher.quoteReplacement(value))),
                all);
    }

    static Stream<HostileModel> indexes() {
        String first = "model-00001-of-00005.safetensors";
        return Stream.of(
                sharded("an empty index", text(INDEX, ""), INDEX, "JSON"),
                sharded("an index without a map", text(INDEX, "{}"), INDEX, "no weight_map"),
                sharded("an index with a list", text(INDEX, "{\"weight_map\":[\"a\"]}"), INDEX, "no weight_map"),
                sharded("an index with nothing", text(INDEX, "{\"weight_map\":{}}"), INDEX, "no weight_map"),
                sharded(
                        "a shard above",
                        map("../x.safetensors"),
                        INDEX,
                        "../x.safetensors",
                        "not a safetensors file here"),
                sharded("a shard with a path", map("/etc/x.safetensors"), INDEX, "not a safetensors file here"),
                sharded("a shard on Windows", map("C:\\\\x.safetensors"), INDEX, "not a safetensors file here"),
                sharded("a shard with a NUL", map("x\\u0000.safetensors"), INDEX, "not a safetensors file here"),
                sharded("a hidden shard", map(".x.safetensors"), INDEX, "not a safetensors file here"),
                sharded("a long name", map("x".repeat(100_000) + ".safetensors"), "xxx.safetensors is missing"),
                sharded("the index as its own shard", map(INDEX), INDEX, "not a safetensors file here"),
                sharded("a pickle as a shard", map("pytorch_model.bin"), INDEX, "not a safetensors file here"),
                sharded(
                        "a shard that is a number",
                        json(INDEX, index -> index.withObject("/weight_map").put("a", 1)),
                        INDEX,
                        "not a safetensors file here"),
                sharded("a missing shard", without(first), first + " is missing"),
                sharded("a shard that leads nowhere", link(first, "nothing"), first + " is missing"),
                sharded(
                        "a shard without the tensor",
                        json(INDEX, index -> index.withObject("/weight_map").put("bert.pooler.dense.bias", first)),
                        INDEX,
                        "bert.pooler.dense.bias",
                        first),
                sharded(
                        "a map without a tensor",
                        json(INDEX, index -> index.withObject("/weight_map").remove("bert.pooler.dense.bias")),
                        "bert.pooler.dense.bias",
                        "is missing"),
                sharded(
                        "an entry twice",
                        bytes(
                                INDEX,
                                all -> new String(all)
                                        .replaceFirst("\"bert.pooler.dense.bias\"", "\"bert.pooler.dense.weight\"")
                                        .getBytes()),
                        INDEX,
                        "Duplicate"),
                sharded("an index of a gigabyte", sparse(INDEX, 1 << 30), INDEX, "1073741824 bytes"),
                sharded(
                        "an index of many entries",
                        text(INDEX, "{\"weight_map\":{" + entries(200_000) + "}}"),
                        "x.safetensors is missing"),
                sharded(
                        "an index of too many entries",
                        text(INDEX, "{\"weight_map\":{" + entries(400_000) + "}}"),
                        INDEX,
                        "Token count"),
                sharded("a deep index", text(INDEX, DEEP), INDEX, "nesting"));
    }

    private static HostileModel.Damage map(String shard) {
        return text(INDEX, "{\"weight_map\":{\"a\":\"" + shard + "\"}}");
    }

    private static String entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"t" + i + "\":\"x.safetensors\"")
                .collect(Collectors.joining(","));
    }

    static Stream<HostileModel> configs() {
        return Stream.of(
                classifier("no config", without(CONFIG), CONFIG, "is missing"),
                classifier("an empty config", text(CONFIG, ""), CONFIG, "JSON"),
                classifier("a config of NULs", text(CONFIG, "\0".repeat(1_000)), CONFIG, "not valid JSON", "code 0"),
                classifier(
                        "a config that is no UTF-8",
                        bytes(CONFIG, all -> new byte[] {'{', '"', (byte) 0xc3, 0x28, '"', ':', '1', '}'}),
                        CONFIG,
                        "not valid JSON"),
                classifier("a config that is a list", text(CONFIG, "[1]"), CONFIG, "not a JSON object"),
                classifier("a deep config", text(CONFIG, DEEP), CONFIG, "not valid JSON", "nesting"),
                classifier(
                        "deep objects", text(CONFIG, "{\"a\":".repeat(100_000)), CONFIG, "not valid JSON", "nesting"),
                classifier("a config of a gigabyte", sparse(CONFIG, 1 << 30), CONFIG, "1073741824 bytes"),
                classifier(
                        "a number of a million digits",
                        config("vocab_size", "1")
                                .then(bytes(
                                        CONFIG,
                                        all -> new String(all)
                                                .replaceFirst(
                                                        "\"vocab_size\":1", "\"vocab_size\":" + "1".repeat(1_000_000))
                                                .getBytes())),
                        CONFIG,
                        "not valid JSON"),
                classifier(
                        "no type",
                        json(CONFIG, config -> config.remove("model_type")),
                        CONFIG,
                        "model_type is nothing"),
                classifier("an unknown type", config("model_type", "\"evil\""), CONFIG, "model_type is evil"),
                classifier(
                        "a type that is a list",
                        config("model_type", "[\"bert\"]"),
                        CONFIG,
                        "model_type is [\"bert\"]"),
                classifier(
                        "a type that writes to the terminal",
                        config("model_type", "\"\\u001b[31m\\n\\u009b2J\""),
                        CONFIG,
                        "\\u001b[31m\\u000a\\u009b2J"),
                classifier(
                        "a long type",
                        config("model_type", "\"" + "x".repeat(1_000_000) + "\""),
                        CONFIG,
                        "model_type is xxx"),
                classifier(
                        "another family",
                        config("model_type", "\"roberta\"").then(config("pad_token_id", "1")),
                        "roberta.embeddings",
                        "is missing"),
                classifier("a decoder", config("is_decoder", "true"), CONFIG, "is_decoder"),
                classifier("an unknown activation", config("hidden_act", "\"evil\""), CONFIG, "hidden_act is evil"),
                classifier(
                        "an activation with code",
                        config("hidden_act", "\"gelu(%s); import os\""),
                        CONFIG,
                        "hidden_act is gelu("),
                classifier("an activation that is null", config("hidden_act", "7"), CONFIG, "hidden_act is 7"),
                classifier("a tiny eps", config("layer_norm_eps", "-1e-12"), CONFIG, "layer_norm_eps"),
                classifier("an infinite eps", config("layer_norm_eps", "1e999"), CONFIG, "layer_norm_eps"),
                classifier("an eps that is a text", config("layer_norm_eps", "\"1e-12\""), CONFIG, "layer_norm_eps"),
                classifier(
                        "bitsandbytes",
                        config("quantization_config", "{\"load_in_8bit\":true,\"quant_method\":\"bitsandbytes\"}"),
                        CONFIG,
                        "quantization_config",
                        "without quantization"),
                classifier(
                        "gptq",
                        config("quantization_config", "{\"bits\":4,\"quant_method\":\"gptq\"}"),
                        CONFIG,
                        "gptq",
                        "would be misread"),
                classifier("compressed tensors", config("compression_config", "{}"), CONFIG, "compression_config"),
                classifier(
                        "an unknown problem", config("problem_type", "\"ranking\""), CONFIG, "problem_type is ranking"),
                classifier("a problem that is a number", config("problem_type", "1"), CONFIG, "problem_type is 1"),
                classifier(
                        "a gap in the labels", config("id2label", "{\"0\":\"a\",\"2\":\"b\"}"), CONFIG, "label 1 of 2"),
                classifier(
                        "a label twice", text(CONFIG, "{\"id2label\":{\"0\":\"a\",\"0\":\"b\"}}"), CONFIG, "Duplicate"),
                classifier("labels that are numbers", config("id2label", "{\"0\":0}"), CONFIG, "label 0 of 1"),
                classifier("labels in a list", config("id2label", "[\"a\",\"b\",\"c\",\"d\"]"), CONFIG, "id2label"),
                classifier("a million labels", json(CONFIG, config -> labels(config, 1_000_000)), CONFIG, "bytes"),
                classifier(
                        "ten million labels",
                        json(CONFIG, config -> config.putNull("id2label").put("num_labels", 10_000_000)),
                        CONFIG,
                        "num_labels is 10000000"),
                classifier(
                        "five labels",
                        json(CONFIG, config -> labels(config, 5)),
                        "classifier.weight",
                        "[4, 48]",
                        "[5, 48]"),
                classifier(
                        "padding outside of the vocabulary",
                        config("pad_token_id", "700"),
                        CONFIG,
                        "pad_token_id is 700"),
                classifier("negative padding", config("pad_token_id", "-1"), CONFIG, "pad_token_id is -1"));
    }

    private static void labels(ObjectNode config, int count) {
        ObjectNode labels = config.putObject("id2label");
        IntStream.range(0, count).forEach(i -> labels.put(String.valueOf(i), "label of number " + i));
    }

    static Stream<HostileModel> sizes() {
        Stream<HostileModel> each = Stream.of(
                        "vocab_size",
                        "hidden_size",
                        "num_attention_heads",
                        "num_hidden_layers",
                        "intermediate_size",
                        "max_position_embeddings",
                        "type_vocab_size")
                .flatMap(key -> Stream.of("0", "-1", "1e999", "2147483648", "[1]", "\"1\"", "1.5", "true")
                        .map(value -> classifier(key + " " + value, config(key, value), CONFIG, key + " is ")));
        return Stream.concat(
                each,
                Stream.of(
                        classifier("a billion layers", config("num_hidden_layers", "1000000000"), CONFIG, "1000000000"),
                        classifier("ten million layers", config("num_hidden_layers", "10000000"), CONFIG, "10000000"),
                        classifier("two hundred layers", config("num_hidden_layers", "200"), "layer.2.", "is missing"),
                        classifier("a layer less", config("num_hidden_layers", "3"), "layer.2.", "is missing"),
                        classifier(
                                        "many groups",
                                        config("num_hidden_layers", "200").then(config("inner_group_num", "1000000")),
                                        CONFIG,
                                        "inner_group_num is 1000000")
                                .of("albert-classification"),
                        classifier("a wide model", config("hidden_size", "10000000"), "[66, 48]", "[66, 10000000]"),
                        classifier("five heads", config("num_attention_heads", "5"), CONFIG, "must be a multiple"),
                        classifier(
                                "a larger vocabulary", config("vocab_size", "701"), WEIGHTS, "[700, 48]", "[701, 48]"),
                        classifier("more positions", config("max_position_embeddings", "67"), WEIGHTS, "[66, 48]"),
                        classifier(
                                        "too few positions",
                                        config("max_position_embeddings", "2"),
                                        CONFIG,
                                        "no text would fit")
                                .of("roberta-classification"),
                        classifier(
                                        "flat rope parameters",
                                        config("rope_parameters", "{\"rope_type\":\"default\",\"rope_theta\":500.0}"),
                                        "rope_parameters",
                                        "full_attention")
                                .of("modernbert-classification"),
                        classifier(
                                        "a rope theta of null",
                                        config("rope_parameters", "null").then(config("local_rope_theta", "null")),
                                        "local_rope_theta is null")
                                .of("modernbert-classification"),
                        classifier(
                                        "a nested rope theta of null",
                                        config("rope_parameters", "{\"full_attention\":{\"rope_theta\":null}}"),
                                        "rope_theta is null")
                                .of("modernbert-classification"),
                        classifier(
                                        "a scaled rotation",
                                        config("rope_scaling", "{\"type\":\"linear\",\"factor\":1e9}"),
                                        CONFIG,
                                        "rope_type is linear")
                                .of("modernbert-classification"),
                        classifier(
                                        "ten million kinds of layers",
                                        config("num_hidden_layers", "10000000"),
                                        CONFIG,
                                        "10000000")
                                .of("modernbert-classification")));
    }

    static Stream<HostileModel> tokenizers() {
        String file = "tokenizer.json";
        String other = "tokenizer_config.json";
        return Stream.of(
                classifier("no tokenizer", without(file), file, "is missing"),
                classifier("an empty tokenizer", text(file, ""), file),
                classifier(
                        "a tokenizer cut short", bytes(file, all -> Arrays.copyOf(all, 5_000)), file, "not valid JSON"),
                classifier("a tokenizer that is a list", text(file, "[]"), file, "not a JSON object"),
                classifier("a tokenizer with nothing", text(file, "{}"), file, "no vocabulary"),
                classifier("a deep tokenizer", text(file, DEEP), file, "nesting"),
                classifier("a tokenizer of gigabytes", sparse(file, 5L << 30), file, "5368709120 bytes"),
                classifier("settings of gigabytes", sparse(other, 5L << 30), other, "5368709120 bytes"),
                classifier("a model that is a list", json(file, json -> json.putArray("model")), file, "no vocabulary"),
                classifier(
                        "an unknown model",
                        json(file, json -> json.withObject("/model").put("type", "Evil")),
                        file),
                classifier(
                        "a negative id",
                        json(file, json -> json.withObject("/model/vocab").put("a", -1)),
                        file,
                        "id -1"),
                classifier(
                        "a huge id",
                        json(file, json -> json.withObject("/model/vocab").put("a", 2_000_000_000)),
                        file,
                        "id 2000000000"),
                classifier(
                        "an id that is a text",
                        json(file, json -> json.withObject("/model/vocab").put("a", "1")),
                        file,
                        "id \"1\""),
                classifier(
                        "an id that is a fraction",
                        json(file, json -> json.withObject("/model/vocab").put("a", 1.5)),
                        file,
                        "id 1.5"),
                classifier("a normalizer that is a number", json(file, json -> json.put("normalizer", 1)), file),
                classifier(
                        "added tokens without text",
                        json(
                                file,
                                json -> json.putArray("added_tokens")
                                        .addObject()
                                        .put("id", 1)),
                        file,
                        "without text"),
                classifier(
                        "added tokens that are numbers",
                        json(file, json -> json.putArray("added_tokens").add(1)),
                        file),
                classifier(
                        "a post-processor of unknown tokens",
                        json(
                                file,
                                json -> json.putObject("post_processor")
                                        .put("type", "BertProcessing")
                                        .putArray("sep")
                                        .add("[X]")
                                        .add(9_999)),
                        file),
                classifier("settings that are a text", text(other, "\"x\""), other, "not a JSON object"),
                classifier(
                        "an unknown class",
                        json(other, json -> json.put("tokenizer_class", "Evil\u001b[0m")),
                        other,
                        "Evil\\u001b[0m"),
                classifier(
                        "a tokenizer in Python",
                        json(
                                other,
                                json -> json.putObject("auto_map")
                                        .putArray("AutoTokenizer")
                                        .add("evil.Tokenizer")),
                        other,
                        "auto_map"),
                classifier(
                        "a family's class over another family's words",
                        json(other, json -> json.put("tokenizer_class", "RobertaTokenizer")),
                        other,
                        "tokenizer_class"),
                classifier("no room", json(other, json -> json.put("model_max_length", 0)), other, "model_max_length"),
                classifier(
                        "no room beside the special tokens",
                        json(other, json -> json.put("model_max_length", 2)),
                        "special tokens alone"),
                classifier(
                        "a side that there is not",
                        json(other, json -> json.put("truncation_side", "up")),
                        other,
                        "truncation_side is up"),
                classifier("settings that lead nowhere", link(other, "nothing"), other, "broken link"));
    }

    static Stream<HostileModel> sentenceModels() {
        String pooling = "1_Pooling/config.json";
        String lengths = "sentence_bert_config.json";
        return Stream.of(
                sentences("no modules", text("modules.json", "[]"), "modules.json", "no modules"),
                sentences("modules that are an object", text("modules.json", "{}"), "modules.json", "no modules"),
                sentences("modules that are numbers", text("modules.json", "[1,2]"), "modules.json", "module 0"),
                sentences("modules of a gigabyte", sparse("modules.json", 1 << 30), "modules.json", "bytes"),
                sentences("modules that lead nowhere", link("modules.json", "nothing"), "modules.json is missing"),
                sentences(
                        "a module above",
                        modules(TRANSFORMER, "", POOLING, "../1_Pooling"),
                        "modules.json",
                        "../1_Pooling"),
                sentences("a module with a path", modules(TRANSFORMER, "", POOLING, "/etc"), "modules.json", "'/etc'"),
                sentences(
                        "an encoder elsewhere", modules(TRANSFORMER, "0_Transformer"), "modules.json", "0_Transformer"),
                sentences("pooling first", modules(POOLING, "1_Pooling"), "modules.json", "module 0"),
                sentences(
                        "a dense module",
                        modules(TRANSFORMER, "", POOLING, "1_Pooling", "sentence_transformers.models.Dense", "2_Dense"),
                        "2_Dense/config.json is missing"),
                sentences(
                        "a dense module first",
                        modules(TRANSFORMER, "", "sentence_transformers.models.Dense", "2_Dense", POOLING, "1_Pooling"),
                        "modules.json",
                        "module 1",
                        "Dense"),
                sentences(
                        "a module of strangers",
                        modules(TRANSFORMER, "", "os.system", "1_Pooling"),
                        "modules.json",
                        "os.system"),
                sentences(
                        "a module with a stranger's name",
                        modules(TRANSFORMER, "", "evil.models.Pooling", "1_Pooling"),
                        "modules.json",
                        "evil.models.Pooling"),
                sentences(
                        "a hundred thousand modules",
                        text("modules.json", "[" + "{},".repeat(100_000) + "{}]"),
                        "modules.json",
                        "100001 modules"),
                sentences("pooling without a config", without(pooling), pooling + " is missing"),
                sentences(
                        "unknown pooling",
                        text(pooling, "{\"pooling_mode\":[\"cls\",\"attention\"]}"),
                        pooling,
                        "pooling is [cls, attention]"),
                sentences(
                        "an old unknown pooling",
                        text(pooling, "{\"pooling_mode_attention\":true}"),
                        pooling,
                        "pooling_mode_attention"),
                sentences("a pooling that is a pipe", pipe(pooling), pooling, "not a regular file"),
                sentences("a length of 0", text(lengths, "{\"max_seq_length\":0}"), lengths, "max_seq_length is 0"),
                sentences("a length of 1e999", text(lengths, "{\"max_seq_length\":1e999}"), lengths, "max_seq_length"),
                sentences(
                        "a length in an older version's file",
                        without(lengths).then(text("sentence_roberta_config.json", "{\"max_seq_length\":-1}")),
                        "sentence_roberta_config.json",
                        "max_seq_length"),
                sentences(
                        "letters of a third kind",
                        text(lengths, "{\"do_lower_case\":\"yes\"}"),
                        lengths,
                        "do_lower_case is \"yes\""),
                sentences(
                        "arguments of a tokenizer",
                        text(lengths, "{\"tokenizer_args\":{\"use_fast\":false}}"),
                        lengths,
                        "tokenizer_args has use_fast"),
                sentences(
                        "an unknown prompt",
                        text(
                                "config_sentence_transformers.json",
                                "{\"prompts\":{\"q\":\"query: \"},\"default_prompt_name\":\"r\"}"),
                        "config_sentence_transformers.json",
                        "default_prompt_name is \"r\"",
                        "q"),
                sentences(
                        "a prompt that is a number",
                        text("config_sentence_transformers.json", "{\"prompts\":{\"q\":1}}"),
                        "config_sentence_transformers.json",
                        "the prompt q is 1"),
                sentences(
                        "a dense module of a stranger's function",
                        dense("\"activation_function\":\"os.system\",\"in_features\":48,\"out_features\":2"),
                        "2_Dense",
                        "os.system"),
                sentences(
                        "a dense module without weights",
                        dense("\"in_features\":48,\"out_features\":2"),
                        "2_Dense/model.safetensors is missing"),
                sentences(
                        "a dense module with a pickle",
                        dense("\"in_features\":48,\"out_features\":2").then(text("2_Dense/pytorch_model.bin", "")),
                        "2_Dense/model.safetensors is missing",
                        "SentenceTransformer('DIRECTORY').save('NEW')"),
                sentences(
                        "a dense module of another size",
                        dense("\"in_features\":48,\"out_features\":2")
                                .then(model -> Files.copy(
                                        model.resolve("model.safetensors"),
                                        model.resolve("2_Dense/model.safetensors"))),
                        "2_Dense.linear.weight",
                        "[2, 48]"),
                sentences(
                        "a dense module of no size",
                        dense("\"in_features\":48,\"out_features\":0"),
                        "2_Dense",
                        "out_features is 0"));
    }

    private static HostileModel.Damage dense(String config) {
        return modules(TRANSFORMER, "", POOLING, "1_Pooling", "sentence_transformers.models.Dense", "2_Dense")
                .then(text("2_Dense/config.json", "{" + config + "}"));
    }

    /** Something else in the place of a file. */
    static Stream<HostileModel> places() {
        return Stream.of(CONFIG, WEIGHTS, "tokenizer.json", "tokenizer_config.json")
                .flatMap(file -> Stream.of(
                        classifier("a pipe as " + file, pipe(file), file, "is not a regular file"),
                        classifier("a folder as " + file, folder(file), file, "is not a regular file"),
                        classifier(
                                "an endless device as " + file, link(file, "/dev/zero"), file, "is not a regular file"),
                        classifier("a link to itself as " + file, link(file, file), file, "is "),
                        classifier("a link to nothing as " + file, link(file, "nothing"), file, "is ")));
    }
}
