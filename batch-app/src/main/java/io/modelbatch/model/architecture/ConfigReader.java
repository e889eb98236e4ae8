package io.modelbatch.model.architecture;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.base.PrintableText;
import io.modelbatch.model.script.Activation;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code config.json}; what Hugging Face leaves out has Hugging Face's default. */
final class ConfigReader {
    /** Far above any real model, and small enough for products of sizes to stay in a long. */
    private static final int LARGEST = 10_000_000;

    /** Blocks are written out one by one. The deepest models have 48. */
    static final int MOST_BLOCKS = 200;

    private static final Map<String, Integer> MOST =
            Map.of("num_hidden_layers", MOST_BLOCKS, "n_layers", MOST_BLOCKS, "num_labels", 200_000);

    private static final int LONGEST_VALUE = 400;

    static final String PAD_TOKEN_ID = "pad_token_id";

    private final ObjectNode json;
    private final DisplayPath file;

    ConfigReader(ObjectNode json, DisplayPath file) {
        this.json = json;
        this.file = file;
    }

    ModelConfig read() {
        for (String key : List.of("quantization_config", "compression_config")) {
            if (!json.path(key).isMissingNode() && !json.path(key).isNull()) {
                throw wrong(
                        key,
                        json.path(key).toString(),
                        "the weights would be misread. Use the model as it was before, saved without quantization;"
                                + " dtype: int8 or bfloat16 in the job makes it small and fast");
            }
        }
        String modelType = text("model_type", null);
        Architecture architecture = Architectures.named(modelType, file);
        ModelConfig.Sizes sizes = architecture.encoder(this).sizes();
        if (sizes.positions() < 1) {
            throw wrong(
                    "max_position_embeddings",
                    json.path("max_position_embeddings").toString(),
                    "no text would fit");
        }
        int padTokenId = natural(PAD_TOKEN_ID, architecture.padTokenId(), 0);
        if (padTokenId >= sizes.vocabulary()) {
            throw wrong(PAD_TOKEN_ID, String.valueOf(padTokenId), "vocab_size is " + sizes.vocabulary());
        }
        return new ModelConfig(modelType, sizes, problemType(), labels(), padTokenId, pretty(json));
    }

    private Optional<ProblemType> problemType() {
        String name = text("problem_type", "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        for (ProblemType type : ProblemType.values()) {
            if (type.toString().equals(name)) {
                return Optional.of(type);
            }
        }
        throw wrong("problem_type", name, "allowed are " + List.of(ProblemType.values()));
    }

    /** {@code id2label} maps numbers, written as texts in any order, to labels; {@code num_labels} overrules it. */
    private List<String> labels() {
        JsonNode id2label = json.path("id2label");
        boolean named = !id2label.isMissingNode() && !id2label.isNull();
        int count = natural("num_labels", named ? id2label.size() : 2, named ? 0 : 1);
        if (!named || (id2label.isObject() && count != id2label.size() && count > 0)) {
            return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
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
            throw wrong("id2label", id2label.toString(), "at least one label is required");
        }
        return labels;
    }

    /** The config with the classifier that {@code from_pretrained} is to find. */
    static String withLabels(String config, String className, ProblemType problemType, List<String> labels) {
        ObjectNode json = Json.object(config.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("config.json")));
        json.remove(List.of("torch_dtype", "num_labels"));
        json.putArray("architectures").add(className);
        json.put("dtype", Dtype.FLOAT32.toString());
        json.put("problem_type", problemType.toString());
        ObjectNode id2label = json.putObject("id2label");
        ObjectNode label2id = json.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            id2label.put(String.valueOf(i), labels.get(i));
            label2id.put(labels.get(i), i);
        }
        return pretty(json);
    }

    private static String pretty(ObjectNode json) {
        return json.toPrettyString() + "\n";
    }

    /** A text; null as the default means that it must be there. */
    String text(String key, @Nullable String byDefault) {
        JsonNode value = json.path(key);
        if ((value.isMissingNode() || value.isNull()) && byDefault != null) {
            return byDefault;
        }
        if (!value.isString()) {
            throw wrong(key, value.isMissingNode() ? "nothing" : value.toString(), "it must be a text");
        }
        return value.stringValue();
    }

    /** The same file; what it leaves out, or says to be null, has another value. */
    ConfigReader orElse(String defaults) {
        ObjectNode all = Json.object(defaults.getBytes(StandardCharsets.UTF_8), file);
        json.properties().stream()
                .filter(entry -> !entry.getValue().isNull())
                .forEach(entry -> all.set(entry.getKey(), entry.getValue()));
        return new ConfigReader(all, file);
    }

    /** The same file; what it says under one name, it says under another, unless that is there. */
    ConfigReader withSynonyms(Map<String, String> names) {
        ObjectNode all = json.deepCopy();
        names.forEach((other, name) -> {
            if (json.has(other) && !json.has(name)) {
                all.set(name, json.get(other));
            }
        });
        return new ConfigReader(all, file);
    }

    /** A dimension, without which nothing is known. */
    int size(String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw wrong(key, "nothing", "the model's size is unknown without it");
        }
        return natural(key, 0, 1);
    }

    /** A whole number. */
    int natural(String key, int byDefault, int smallest) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        int largest = MOST.getOrDefault(key, LARGEST);
        if (!value.isInt() || value.intValue() < smallest || value.intValue() > largest) {
            throw wrong(key, value.toString(), "it must be a whole number from " + smallest + " to " + largest);
        }
        return value.intValue();
    }

    /** A whole number that may be negative, which often stands for none. */
    int whole(String key, int byDefault) {
        JsonNode value = json.path(key);
        return value.isInt() && value.intValue() < 0 ? value.intValue() : natural(key, byDefault, 0);
    }

    /** A number from 0 on. */
    double real(String key, double byDefault, double largest) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= largest)) {
            throw wrong(key, value.toString(), "it must be a number from 0 to " + largest);
        }
        return value.doubleValue();
    }

    boolean has(String key) {
        return json.has(key);
    }

    /** Refuses null where it does not stand for a default. */
    void requireNotNull(String key) {
        if (json.path(key).isNull()) {
            throw wrong(key, "null", "write the number there, or leave the key out");
        }
    }

    /** Refuses what a section has beside these. */
    void requireKeys(String section, Set<String> known) {
        for (String key : json.propertyNames()) {
            if (!known.contains(key)) {
                throw wrong(section, json.toString(), "supported are " + known + ", not " + key);
            }
        }
    }

    /** A share of numbers that are dropped. */
    double share(String key, double byDefault) {
        return real(key, byDefault, 1);
    }

    /** A dimension that another one is a multiple of. */
    int divisor(String key, String multiple) {
        int divisor = size(key);
        if (size(multiple) % divisor != 0) {
            throw wrong(
                    multiple,
                    String.valueOf(size(multiple)),
                    "it must be a multiple of " + key + ", which is " + divisor);
        }
        return divisor;
    }

    /** A truth value. */
    boolean flag(String key, boolean byDefault) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value.toString(), "it must be true or false");
        }
        return value.booleanValue();
    }

    /** A non-linearity. */
    Activation activation(String key, String byDefault) {
        String name = text(key, byDefault);
        return Activation.named(name).orElseThrow(() -> wrong(key, name, "supported are " + Activation.names()));
    }

    /** The object under a key, as a configuration of its own; an empty one when there is no such key. */
    ConfigReader section(String key) {
        JsonNode value = json.path(key);
        if (value instanceof ObjectNode section) {
            return new ConfigReader(section, file);
        } else if (value.isMissingNode() || value.isNull()) {
            return new ConfigReader(JsonNodeFactory.instance.objectNode(), file);
        }
        throw wrong(key, value.toString(), "it must be an object");
    }

    /** Texts, given as a list or as one text with bars between them; none when there is no such key. */
    List<String> textsOf(String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        } else if (value.isString()) {
            return Stream.of(value.stringValue().toLowerCase(Locale.ROOT).split("\\|"))
                    .map(String::strip)
                    .toList();
        } else if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw wrong(key, value.toString(), "it must be a list of texts");
        }
        return value.valueStream().map(JsonNode::stringValue).toList();
    }

    /** Refuses every value but one, which is also the default. */
    void require(String key, String only) {
        String value = text(key, only);
        if (!value.equals(only)) {
            throw wrong(key, value, "only '" + only + "' is supported");
        }
    }

    /** Refuses a value. */
    void refuse(String key, String unsupported, String because) {
        if (json.path(key).toString().equals(unsupported)) {
            throw wrong(key, unsupported, because);
        }
    }

    /** Says what is wrong with a value. */
    ModelException wrong(String key, String value, String because) {
        return new ModelException(
                file + ": " + key + " is " + PrintableText.shortened(value, LONGEST_VALUE) + "; " + because);
    }
}
