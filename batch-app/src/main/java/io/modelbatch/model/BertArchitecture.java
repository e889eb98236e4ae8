package io.modelbatch.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** BERT (Devlin et al., 2018) as transformers' {@code BertForSequenceClassification} computes it. */
final class BertArchitecture implements Architecture {
    private static final String PREFIX = "bert.";

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public String headClass() {
        return "BertForSequenceClassification";
    }

    @Override
    public Map<String, List<Long>> encoder(ModelConfig config) {
        ModelConfig.Sizes sizes = config.sizes();
        long hidden = sizes.hidden();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("bert.embeddings.word_embeddings.weight", List.of((long) sizes.vocabulary(), hidden));
        shapes.put("bert.embeddings.position_embeddings.weight", List.of((long) sizes.positions(), hidden));
        shapes.put("bert.embeddings.token_type_embeddings.weight", List.of((long) sizes.tokenTypes(), hidden));
        norm(shapes, "bert.embeddings.LayerNorm", hidden);
        for (int i = 0; i < sizes.layers(); i++) {
            layer(shapes, BertScript.layer(i), hidden, sizes.intermediate());
        }
        return shapes;
    }

    private static void layer(Map<String, List<Long>> shapes, String layer, long hidden, long intermediate) {
        for (String projection : List.of("query", "key", "value")) {
            dense(shapes, layer + "attention.self." + projection, hidden, hidden);
        }
        dense(shapes, layer + "attention.output.dense", hidden, hidden);
        norm(shapes, layer + "attention.output.LayerNorm", hidden);
        dense(shapes, layer + "intermediate.dense", intermediate, hidden);
        dense(shapes, layer + "output.dense", hidden, intermediate);
        norm(shapes, layer + "output.LayerNorm", hidden);
    }

    @Override
    public Map<String, List<Long>> classifier(ModelConfig config) {
        long hidden = config.sizes().hidden();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        dense(shapes, "bert.pooler.dense", hidden, hidden);
        dense(shapes, "classifier", config.head().labels().size(), hidden);
        return shapes;
    }

    private static void dense(Map<String, List<Long>> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", List.of(out, in));
        shapes.put(name + ".bias", List.of(out));
    }

    private static void norm(Map<String, List<Long>> shapes, String name, long width) {
        shapes.put(name + ".weight", List.of(width));
        shapes.put(name + ".bias", List.of(width));
    }

    /** A bare encoder was saved without the prefix; checkpoints that began in TensorFlow call a norm's numbers gamma, beta. */
    @Override
    public List<String> fileNames(String name) {
        List<String> names = new ArrayList<>(List.of(name));
        if (name.startsWith(PREFIX)) {
            names.add(name.substring(PREFIX.length()));
        }
        for (String candidate : List.copyOf(names)) {
            if (candidate.contains("LayerNorm")) {
                names.add(candidate
                        .replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"));
            }
        }
        return names;
    }

    @Override
    public ScriptModule script(ModelConfig config, Map<String, Tensor> weights, ArchiveVariant variant) {
        if (variant instanceof ArchiveVariant.Training training) {
            List<String> names = List.copyOf(weights.keySet());
            return new ScriptModule(
                    BertScript.CLASS,
                    BertScript.training(config, names, training.compute()),
                    Dtype.FLOAT32,
                    ScriptModule.Gradients.REQUIRED,
                    List.copyOf(weights.values()));
        }
        List<Tensor> fused = fused(weights);
        List<String> names = fused.stream().map(Tensor::name).toList();
        return new ScriptModule(
                BertScript.CLASS,
                BertScript.inference(config, names),
                variant.compute(),
                ScriptModule.Gradients.NONE,
                fused);
    }

    /** One product for query, key and value is faster than three. */
    private static List<Tensor> fused(Map<String, Tensor> weights) {
        List<Tensor> fused = new ArrayList<>();
        weights.forEach((name, tensor) -> {
            if (name.contains(".self.query.")) {
                fused.add(Tensor.stacked(
                        name.replace(".query.", ".qkv."),
                        List.of(
                                tensor,
                                weights.get(name.replace(".query.", ".key.")),
                                weights.get(name.replace(".query.", ".value.")))));
            } else if (!name.contains(".self.")) {
                fused.add(tensor);
            }
        });
        return fused;
    }
}
