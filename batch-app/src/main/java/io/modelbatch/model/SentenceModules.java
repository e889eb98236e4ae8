package io.modelbatch.model;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a directory of sentence-transformers adds to the encoder: {@code modules.json} lists the modules, each with a folder of its
 * own. A directory without it is read as sentence-transformers reads one: the mean over all tokens.
 */
final class SentenceModules {
    private static final Head.Embedding DEFAULT = new Head.Embedding(Head.Pooling.MEAN, Head.Scale.AS_IT_IS);
    private static final Map<String, Head.Pooling> OLD_KEYS = Map.of(
            "pooling_mode_cls_token", Head.Pooling.CLS,
            "pooling_mode_mean_tokens", Head.Pooling.MEAN,
            "pooling_mode_max_tokens", Head.Pooling.MAX,
            "pooling_mode_mean_sqrt_len_tokens", Head.Pooling.MEAN_SQRT_LEN_TOKENS);

    private SentenceModules() {}

    static Head.Embedding read(Path directory) throws IOException {
        refusePrompt(directory.resolve("config_sentence_transformers.json"));
        Path file = directory.resolve(ModelFiles.MODULES);
        if (!ModelFile.exists(file)) {
            return DEFAULT;
        }
        JsonNode modules = Json.tree(ModelFile.json(file), file);
        if (!modules.isArray() || modules.isEmpty()) {
            throw new ModelException(file + " lists no modules; it is damaged, copy it again");
        }
        Head.Embedding head = DEFAULT;
        for (int i = 0; i < modules.size(); i++) {
            head = with(head, i, modules.get(i), file);
        }
        return head;
    }

    /** What sentence-transformers would put before every text. */
    private static void refusePrompt(Path file) throws IOException {
        if (ModelFile.exists(file)) {
            JsonNode prompt = Json.object(file).path("default_prompt_name");
            if (!prompt.isMissingNode() && !prompt.isNull()) {
                throw new ModelException(file + ": default_prompt_name is " + prompt
                        + "; put the prompt before the texts in the query, and null here");
            }
        }
    }

    /** What {@code sentence_bert_config.json} says. */
    static OptionalInt maxLength(Path directory) throws IOException {
        Path file = directory.resolve(ModelFiles.SENTENCES);
        if (!ModelFile.exists(file)) {
            return OptionalInt.empty();
        }
        ObjectNode config = Json.object(file);
        if (config.path("do_lower_case").asBoolean(false)) {
            throw new ModelException(file + ": do_lower_case is true; let the tokenizer do it instead (a Lowercase"
                    + " normalizer in tokenizer.json), which sentence-transformers reads too");
        }
        JsonNode length = config.path("max_seq_length");
        if (length.isMissingNode() || length.isNull()) {
            return OptionalInt.empty();
        }
        if (!length.isInt() || length.intValue() < 1) {
            throw new ModelException(file + ": max_seq_length is " + length + "; a whole number from 1 belongs there");
        }
        return OptionalInt.of(length.intValue());
    }

    private static Head.Embedding with(Head.Embedding head, int number, JsonNode module, Path file) throws IOException {
        String type = module.path("type").asString("");
        String path = module.path("path").asString("");
        String name = type.substring(type.lastIndexOf('.') + 1);
        if (!type.startsWith("sentence_transformers.") || (name.equals("Transformer") != (number == 0))) {
            throw unknown(file, number, type);
        }
        return switch (name) {
            case "Transformer" -> {
                if (!path.isEmpty()) {
                    throw new ModelException(file + ": the encoder is said to be in the folder '" + path
                            + "'; move that folder's files up into " + file.getParent() + ", and make the path empty");
                }
                yield head;
            }
            case "Pooling" -> new Head.Embedding(pooling(file.resolveSibling(checked(file, path))), head.scale());
            case "Normalize" -> new Head.Embedding(head.pooling(), Head.Scale.NORMALIZED);
            default -> throw unknown(file, number, type);
        };
    }

    private static ModelException unknown(Path file, int number, String type) {
        return new ModelException(file + ": module " + number + " is '" + type
                + "'; computed here are sentence_transformers' Transformer, then Pooling and Normalize");
    }

    /** A name in the file must not lead out of the directory. */
    private static String checked(Path file, String path) {
        if (!path.matches(ModelFiles.MODULE_FOLDER)) {
            throw new ModelException(file + ": '" + path + "' is no folder of a module");
        }
        return path;
    }

    private static Head.Pooling pooling(Path folder) throws IOException {
        Path file = folder.resolve(ModelFiles.CONFIG);
        if (!ModelFile.exists(file)) {
            throw new ModelException(file + " is missing; copy the whole model directory again, with its folders");
        }
        ObjectNode config = Json.object(file);
        List<String> modes = new ArrayList<>();
        config.properties().forEach(entry -> {
            if (entry.getKey().startsWith("pooling_mode_") && entry.getValue().asBoolean(false)) {
                modes.add(entry.getKey());
            }
        });
        String mode = config.path("pooling_mode").asString("");
        if (!mode.isEmpty()) {
            modes.add(mode);
        }
        if (modes.size() == 1) {
            for (Map.Entry<String, Head.Pooling> known : OLD_KEYS.entrySet()) {
                if (modes.get(0).equals(known.getKey())
                        || modes.get(0).equals(known.getValue().name().toLowerCase(Locale.ROOT))) {
                    return known.getValue();
                }
            }
        }
        throw new ModelException(
                file + ": pooling is " + modes + "; computed here is one of cls, mean, max and mean_sqrt_len_tokens");
    }
}
