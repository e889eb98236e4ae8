package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Network;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Archives for a machine that has a GPU and PyTorch, but no Java: those that {@code infer} would load, in each type of number.
 * Two common sizes have zeros for weights, so that they pack into kilobytes; {@code src/bench/gpu.py} fills them there with the weights
 * of a model of transformers and measures both. The fixtures come with their weights and the answers that are expected:
 * {@code ./mvnw -pl batch-app test -Dtest=GpuArchives}, then {@code docs/development.md}.
 */
class GpuArchives {
    private static final Path ARCHIVES = Path.of("target", "gpu-archives.zip");
    private static final Map<String, int[]> SHAPES =
            Map.of("minilm", new int[] {6, 384}, "bert-base", new int[] {12, 768});
    private static final List<Precision> PRECISIONS = List.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16);
    private static final int HEADS = 12;
    private static final Head CLASSIFIER = new Head.TextClassification(Optional.empty(), List.of("a", "b", "c", "d"));
    private static final Head EMBEDDING = new Head.Embedding(Head.Pooling.MEAN, Head.Scale.NORMALIZED);

    @Test
    void write() throws IOException, URISyntaxException {
        try (OutputStream file = Files.newOutputStream(ARCHIVES);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, int[]> shape : SHAPES.entrySet()) {
                String config = config(shape.getValue()[0], shape.getValue()[1]);
                zip.putNextEntry(new ZipEntry(shape.getKey() + ".json"));
                zip.write(config.getBytes(StandardCharsets.UTF_8));
                for (Precision precision : PRECISIONS) {
                    add(zip, shape.getKey() + "-" + precision + ".pt", config, precision, CLASSIFIER);
                    add(zip, shape.getKey() + "-embedding-" + precision + ".pt", config, precision, EMBEDDING);
                }
            }
            for (String name : Fixture.names()) {
                if (!name.equals("training")) {
                    addFixture(zip, "fixtures/" + name, Fixture.named(name));
                }
            }
        }
    }

    private static void addFixture(ZipOutputStream zip, String name, Fixture fixture) throws IOException {
        TaskModel model = PretrainedModel.open(fixture.model()).forTask(fixture.task());
        zip.putNextEntry(new ZipEntry(name + "/expected.json"));
        zip.write(fixture.expected().toString().getBytes(StandardCharsets.UTF_8));
        zip.putNextEntry(new ZipEntry(name + "/pad"));
        zip.write(String.valueOf(model.padTokenId()).getBytes(StandardCharsets.UTF_8));
        for (Precision precision : PRECISIONS) {
            add(zip, name + "/" + precision + ".pt", model.script(plain(precision)));
        }
    }

    private static ArchiveVariant plain(Precision precision) {
        return new ArchiveVariant.Inference(precision, ArchiveVariant.Layout.PLAIN);
    }

    private static void add(ZipOutputStream zip, String name, String json, Precision precision, Head head)
            throws IOException {
        ModelConfig config =
                ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("config.json")));
        Network network = Network.of(config, head);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        network.parameters()
                .forEach(parameter -> weights.put(parameter.name(), zeros(parameter.name(), parameter.shape())));
        add(zip, name, network.script(weights, plain(precision)));
    }

    private static void add(ZipOutputStream zip, String name, ScriptModule module) throws IOException {
        Path archive = Files.createTempDirectory("gpu-archive").resolve("archive.pt");
        TorchScriptArchive.write(archive, module);
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(archive, zip);
        Files.delete(archive);
    }

    private static Tensor zeros(String name, List<Long> shape) {
        return Tensor.of(
                name, shape, () -> new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))]);
    }

    private static String config(int layers, int hidden) {
        return """
                {
                  "architectures": ["BertForSequenceClassification"],
                  "model_type": "bert",
                  "vocab_size": 30522,
                  "hidden_size": %d,
                  "num_hidden_layers": %d,
                  "num_attention_heads": %d,
                  "intermediate_size": %d,
                  "hidden_act": "gelu",
                  "max_position_embeddings": 512,
                  "type_vocab_size": 2,
                  "layer_norm_eps": 1e-12,
                  "pad_token_id": 0,
                  "id2label": { "0": "a", "1": "b", "2": "c", "3": "d" },
                  "label2id": { "a": 0, "b": 1, "c": 2, "d": 3 }
                }
                """.formatted(hidden, layers, HEADS, 4 * hidden);
    }
}
