package io.modelbatch.model;

import com.google.common.collect.ImmutableMap;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.SentenceLayer;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The modules that a directory of sentence-transformers adds to the encoder. {@code modules.json} lists them, each with a folder of its
 * own. A directory without it is read as sentence-transformers reads one: the mean over all tokens.
 *
 * @param head the modules that follow the encoder
 * @param rules for reading texts
 * @param weights tensors of the modules, each under its folder's name
 */
record SentenceModules(Head.Embedding head, TextRules rules, Map<String, Tensor> weights) {
    private static final Head.Embedding DEFAULT = new Head.Embedding(Head.Pooling.MEAN, Head.Scale.AS_IT_IS);

    /** In the order in which older versions put several side by side. */
    private static final Map<String, Head.Pooling> OLD_KEYS = ImmutableMap.of(
            "pooling_mode_cls_token", Head.Pooling.CLS,
            "pooling_mode_max_tokens", Head.Pooling.MAX,
            "pooling_mode_mean_tokens", Head.Pooling.MEAN,
            "pooling_mode_mean_sqrt_len_tokens", Head.Pooling.MEAN_SQRT_LEN_TOKENS,
            "pooling_mode_weightedmean_tokens", Head.Pooling.WEIGHTEDMEAN,
            "pooling_mode_lasttoken", Head.Pooling.LASTTOKEN);

    /** Arguments of {@code from_pretrained} that change no number here. */
    private static final Set<String> HARMLESS =
            Set.of("dtype", "torch_dtype", "attn_implementation", "add_pooling_layer");

    private static final int MOST_MODULES = 50;
    private static final int MOST_FEATURES = 1 << 20;
    private static final String SENTENCE = "sentence_embedding";

    /** Reads and validates all files, whatever a job asks for. */
    static SentenceModules read(DisplayPath directory) throws IOException {
        ObjectNode transformer = transformer(directory);
        Prompts prompts = Prompts.read(directory);
        DisplayPath file = directory.resolve(ModelFiles.MODULES);
        if (!ModelFile.exists(file)) {
            return new SentenceModules(DEFAULT, rules(transformer, prompts, true), Map.of());
        }
        JsonNode modules = Json.tree(ModelFile.json(file), file);
        if (!modules.isArray() || modules.isEmpty()) {
            throw new ModelException(file + " lists no modules; it is damaged, copy it again");
        }
        if (modules.size() > MOST_MODULES) {
            throw new ModelException(file + " lists " + modules.size() + " modules, at most " + MOST_MODULES
                    + " are allowed; copy the whole model directory again");
        }
        requireTransformer(file, modules.get(0));
        if (!name(modules.path(1)).equals("Pooling")) {
            throw unknown(file, 1, modules.path(1));
        }
        ObjectNode pooling = config(file, modules.get(1));
        List<SentenceLayer> layers = new ArrayList<>();
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (int i = 2; i < modules.size(); i++) {
            JsonNode module = modules.get(i);
            switch (name(module)) {
                case "Normalize" -> layers.add(normalize(file, module));
                case "Dense" -> {
                    layers.add(dense(file, module));
                    weights.putAll(weights(file, module));
                }
                case "Dropout" -> {} // while it learns
                default -> throw unknown(file, i, module);
            }
        }
        return new SentenceModules(
                new Head.Embedding(poolings(pooling, file, modules.get(1)), 0, layers),
                rules(transformer, prompts, pooling.path("include_prompt").asBoolean(true)),
                weights);
    }

    private static String name(JsonNode module) {
        String type = module.path("type").asString("");
        return type.startsWith("sentence_transformers.") ? type.substring(type.lastIndexOf('.') + 1) : "";
    }

    private static void requireTransformer(DisplayPath file, JsonNode module) {
        if (!name(module).equals("Transformer")) {
            throw unknown(file, 0, module);
        }
        String path = module.path("path").asString("");
        if (!path.isEmpty()) {
            throw new ModelException(file + ": the path of the encoder is the folder '" + path
                    + "'; move that folder's files up beside this one, and make the path empty");
        }
    }

    private static ModelException unknown(DisplayPath file, int number, JsonNode module) {
        return new ModelException(file + ": module " + number + " is '"
                + module.path("type").asString("")
                + "'; supported are sentence_transformers' Transformer and Pooling, and then Dense, Normalize and"
                + " Dropout in any order");
    }

    /** The file of the encoder's module; an empty object where there is none. */
    private static ObjectNode transformer(DisplayPath directory) throws IOException {
        for (String name : ModelFiles.SENTENCES) {
            DisplayPath file = directory.resolve(name);
            ObjectNode config = ModelFile.exists(file) ? Json.object(file) : Json.MAPPER.createObjectNode();
            if (!config.isEmpty()) {
                validate(config, file);
                return config;
            }
        }
        return Json.MAPPER.createObjectNode();
    }

    private static void validate(ObjectNode config, DisplayPath file) {
        JsonNode length = config.path("max_seq_length");
        if (!length.isMissingNode() && !length.isNull() && (!length.isInt() || length.intValue() < 1)) {
            throw new ModelException(file + ": max_seq_length is " + length + "; it must be a whole number from 1");
        }
        JsonNode lower = config.path("do_lower_case");
        if (!lower.isMissingNode() && !lower.isNull() && !lower.isBoolean()) {
            throw new ModelException(file + ": do_lower_case is " + lower + "; it must be true or false");
        }
        require(config, "transformer_task", "feature-extraction", file);
        require(config, "module_output_name", "token_embeddings", file);
        for (Map.Entry<String, JsonNode> entry : config.properties()) {
            if (entry.getKey().endsWith("_args") || entry.getKey().endsWith("_kwargs")) {
                entry.getValue().propertyNames().stream()
                        .filter(argument -> !HARMLESS.contains(argument))
                        .findFirst()
                        .ifPresent(argument -> {
                            throw new ModelException(file + ": " + entry.getKey() + " has " + argument
                                    + ", which is not supported; save the model with it in config.json or"
                                    + " tokenizer_config.json instead");
                        });
            }
        }
    }

    private static void require(ObjectNode config, String key, String value, DisplayPath file) {
        JsonNode stated = config.path(key);
        if (!stated.isMissingNode() && !stated.isNull() && !stated.asString("").equals(value)) {
            throw new ModelException(file + ": " + key + " is " + stated + "; supported is " + value);
        }
    }

    private static TextRules rules(ObjectNode transformer, Prompts prompts, boolean poolsPrompt) {
        JsonNode length = transformer.path("max_seq_length");
        return new TextRules(
                length.isInt() ? OptionalInt.of(length.intValue()) : OptionalInt.empty(),
                transformer.path("do_lower_case").asBoolean(false),
                prompts,
                poolsPrompt);
    }

    /** The configuration in a module's folder; empty for a module that has no folder or file. */
    private static ObjectNode config(DisplayPath file, JsonNode module) throws IOException {
        DisplayPath config = folder(file, module).resolve(ModelFiles.CONFIG);
        if (!ModelFile.exists(config)) {
            throw new ModelException(config + " is missing; copy the whole model directory again, with its folders");
        }
        return Json.object(config);
    }

    /** A name in the file must not lead out of the directory. */
    private static DisplayPath folder(DisplayPath file, JsonNode module) {
        String path = module.path("path").asString("");
        if (!path.matches(ModelFiles.MODULE_FOLDER)) {
            throw new ModelException(file + ": '" + path + "' is not the folder of a module");
        }
        return file.resolveSibling(path);
    }

    private static List<Head.Pooling> poolings(ObjectNode config, DisplayPath file, JsonNode module) {
        JsonNode mode = config.path("pooling_mode");
        List<String> names = mode.isArray()
                ? mode.valueStream().map(one -> one.asString("")).toList()
                : mode.isString() ? List.of(mode.stringValue()) : List.of();
        if (!names.isEmpty()) {
            return names.stream()
                    .map(name -> Arrays.stream(Head.Pooling.values())
                            .filter(known ->
                                    known.name().toLowerCase(Locale.ROOT).equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new ModelException(folder(file, module).resolve(ModelFiles.CONFIG)
                                            + ": pooling is " + names + "; supported are cls, mean, max,"
                                            + " mean_sqrt_len_tokens, weightedmean and lasttoken")))
                    .toList();
        }
        config.properties().forEach(entry -> {
            if (entry.getKey().startsWith("pooling_mode_")
                    && !OLD_KEYS.containsKey(entry.getKey())
                    && entry.getValue().asBoolean(false)) {
                throw new ModelException(folder(file, module).resolve(ModelFiles.CONFIG) + ": " + entry.getKey()
                        + " is true; supported are " + OLD_KEYS.keySet());
            }
        });
        List<Head.Pooling> chosen = OLD_KEYS.entrySet().stream()
                .filter(known -> config.path(known.getKey()).asBoolean(false))
                .map(Map.Entry::getValue)
                .toList();
        return chosen.isEmpty() ? List.of(Head.Pooling.MEAN) : chosen;
    }

    /** Older versions left no file for it. */
    private static SentenceLayer normalize(DisplayPath file, JsonNode module) throws IOException {
        DisplayPath config = folder(file, module).resolve(ModelFiles.CONFIG);
        if (ModelFile.exists(config)) {
            ObjectNode json = Json.object(config);
            require(json, "module_input_name", SENTENCE, config);
            require(json, "module_output_name", SENTENCE, config);
        }
        return new SentenceLayer.Normalize();
    }

    private static SentenceLayer dense(DisplayPath file, JsonNode module) throws IOException {
        DisplayPath folder = folder(file, module);
        DisplayPath at = folder.resolve(ModelFiles.CONFIG);
        ObjectNode config = config(file, module);
        require(config, "module_input_name", SENTENCE, at);
        require(config, "module_output_name", SENTENCE, at);
        String activation = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
        if (!SentenceLayer.Dense.computes(activation)) {
            throw new ModelException(at + ": activation_function is " + activation
                    + "; supported are torch.nn's Identity, Tanh, Sigmoid, GELU, ReLU, ReLU6, LeakyReLU, SiLU, Mish"
                    + " and Hardswish");
        }
        return new SentenceLayer.Dense(
                module.path("path").asString(""),
                size(config, "in_features", at),
                size(config, "out_features", at),
                config.path("bias").asBoolean(true),
                config.path("use_residual").asBoolean(false),
                activation);
    }

    private static int size(ObjectNode config, String key, DisplayPath file) {
        JsonNode size = config.path(key);
        if (!size.isInt() || size.intValue() < 1 || size.intValue() > MOST_FEATURES) {
            throw new ModelException(
                    file + ": " + key + " is " + size + "; it must be a whole number from 1 to " + MOST_FEATURES);
        }
        return size.intValue();
    }

    private static Map<String, Tensor> weights(DisplayPath file, JsonNode module) throws IOException {
        DisplayPath folder = folder(file, module);
        DisplayPath weights = folder.resolve(ModelFiles.WEIGHTS);
        if (!ModelFile.exists(weights)) {
            throw new ModelException(weights + " is missing; copy the whole model directory again, with its folders. A"
                    + " pytorch_model.bin in its place is a pickle, which can run code when it is read. Convert it once"
                    + " where you trust it, in Python: SentenceTransformer('DIRECTORY').save('NEW')");
        }
        Map<String, Tensor> named = new LinkedHashMap<>();
        StoredWeights.file(weights)
                .forEach((name, tensor) -> named.put(module.path("path").asString("") + "." + name, tensor));
        return named;
    }
}
