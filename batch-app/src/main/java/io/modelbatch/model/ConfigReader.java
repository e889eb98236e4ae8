package io.modelbatch.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code config.json}; what Hugging Face leaves out has Hugging Face's default. */
final class ConfigReader {
    /** Far above any real model, and small enough for products of sizes to stay in a long. */
    private static final int LARGEST = 10_000_000;

    private final ObjectNode json;
    private final Path file;

    ConfigReader(ObjectNode json, Path file) {
        this.json = json;
        this.file = file;
    }

    ModelConfig read() {
        String modelType = text("model_type", null);
        Architectures.named(modelType, file);
        refuse("is_decoder", "true", "the model reads only what stands before a token");
        refuse("add_cross_attention", "true", "the model needs a second input");
        String positions = text("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw wrong("position_embedding_type", positions, "only 'absolute' is computed here");
        }
        return new ModelConfig(
                modelType, sizes(), numerics(), dropout(), head(), natural("pad_token_id", 0, 0), pretty(json));
    }

    private ModelConfig.Sizes sizes() {
        ModelConfig.Sizes sizes = new ModelConfig.Sizes(
                size("vocab_size"),
                size("max_position_embeddings"),
                natural("type_vocab_size", 2, 1),
                size("num_hidden_layers"),
                size("hidden_size"),
                size("num_attention_heads"),
                size("intermediate_size"));
        if (sizes.hidden() % sizes.heads() != 0) {
            throw wrong("hidden_size", String.valueOf(sizes.hidden()), "no multiple of num_attention_heads");
        }
        return sizes;
    }

    private ModelConfig.Numerics numerics() {
        String name = text("hidden_act", "gelu");
        Activation activation = switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            default -> throw wrong("hidden_act", name, "computed here are gelu, gelu_new, gelu_pytorch_tanh and relu");
        };
        return new ModelConfig.Numerics(
                activation, real("layer_norm_eps", 1e-12, 1), real("initializer_range", 0.02, 100));
    }

    private ModelConfig.Dropout dropout() {
        double hidden = real("hidden_dropout_prob", 0.1, 1);
        return new ModelConfig.Dropout(
                hidden, real("attention_probs_dropout_prob", 0.1, 1), real("classifier_dropout", hidden, 1));
    }

    private ModelConfig.Head head() {
        String name = text("problem_type", "");
        if (name.isEmpty()) {
            return new ModelConfig.Head(Optional.empty(), labels());
        }
        for (ProblemType type : ProblemType.values()) {
            if (type.toString().equals(name)) {
                return new ModelConfig.Head(Optional.of(type), labels());
            }
        }
        throw wrong("problem_type", name, "known are " + List.of(ProblemType.values()));
    }

    /** {@code id2label} maps numbers, written as texts in any order, to labels. */
    private List<String> labels() {
        JsonNode id2label = json.path("id2label");
        if (id2label.isMissingNode() || id2label.isNull()) {
            return IntStream.range(0, natural("num_labels", 2, 1))
                    .mapToObj(i -> "LABEL_" + i)
                    .toList();
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < id2label.size(); i++) {
            JsonNode label = id2label.path(String.valueOf(i));
            if (!label.isString()) {
                throw wrong("id2label", id2label.toString(), "label " + i + " of " + id2label.size() + " is missing");
            }
            labels.add(label.stringValue());
        }
        if (labels.isEmpty()) {
            throw wrong("id2label", id2label.toString(), "there must be a label");
        }
        return labels;
    }

    /** The config with the head that {@code from_pretrained} is to find. */
    static String withHead(String config, String modelType, ModelConfig.Head head) {
        ObjectNode json = Json.object(config.getBytes(StandardCharsets.UTF_8), Path.of("config.json"));
        json.remove(List.of("torch_dtype", "num_labels"));
        json.putArray("architectures")
                .add(Architectures.named(modelType, Path.of("config.json")).headClass());
        json.put("dtype", Dtype.FLOAT32.toString());
        head.problemType().ifPresent(type -> json.put("problem_type", type.toString()));
        ObjectNode id2label = json.putObject("id2label");
        ObjectNode label2id = json.putObject("label2id");
        for (int i = 0; i < head.labels().size(); i++) {
            id2label.put(String.valueOf(i), head.labels().get(i));
            label2id.put(head.labels().get(i), i);
        }
        return pretty(json);
    }

    private static String pretty(ObjectNode json) {
        return json.toPrettyString() + "\n";
    }

    private String text(String key, @Nullable String byDefault) {
        JsonNode value = json.path(key);
        if ((value.isMissingNode() || value.isNull()) && byDefault != null) {
            return byDefault;
        }
        if (!value.isString()) {
            throw wrong(key, value.isMissingNode() ? "nothing" : value.toString(), "a text belongs there");
        }
        return value.stringValue();
    }

    private int size(String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw wrong(key, "nothing", "the model's size is unknown without it");
        }
        return natural(key, 0, 1);
    }

    private int natural(String key, int byDefault, int smallest) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isInt() || value.intValue() < smallest || value.intValue() > LARGEST) {
            throw wrong(key, value.toString(), "a whole number from " + smallest + " to " + LARGEST + " belongs there");
        }
        return value.intValue();
    }

    private double real(String key, double byDefault, double largest) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= largest)) {
            throw wrong(key, value.toString(), "a number from 0 to " + largest + " belongs there");
        }
        return value.doubleValue();
    }

    private void refuse(String key, String unsupported, String because) {
        if (json.path(key).toString().equals(unsupported)) {
            throw wrong(key, unsupported, because);
        }
    }

    private ModelException wrong(String key, String value, String because) {
        return new ModelException(file + ": " + key + " is " + value + "; " + because);
    }
}
