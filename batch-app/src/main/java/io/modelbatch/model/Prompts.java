package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts that sentence-transformers puts before every text, as {@code config_sentence_transformers.json} names them.
 *
 * @param file where they are named
 * @param named the texts by their names
 * @param byDefault the name of the one that is used unless another is asked for
 */
public record Prompts(String file, Map<String, String> named, Optional<String> byDefault) {

    /** Of a model that names none. */
    static final Prompts NONE = new Prompts(ModelFiles.PROMPTS, Map.of(), Optional.empty());

    /** Every model of sentence-transformers has these two, if only as empty texts. */
    private static final List<String> ALWAYS = List.of("query", "document");

    static Prompts read(DisplayPath directory) throws IOException {
        DisplayPath file = directory.resolve(ModelFiles.PROMPTS);
        if (!ModelFile.exists(file)) {
            return of(file, Json.MAPPER.createObjectNode());
        }
        return of(file, Json.object(file));
    }

    private static Prompts of(DisplayPath file, ObjectNode config) {
        Map<String, String> named = new LinkedHashMap<>();
        ALWAYS.forEach(name -> named.put(name, ""));
        JsonNode prompts = config.path("prompts");
        if (!prompts.isMissingNode() && !prompts.isNull() && !prompts.isObject()) {
            throw new ModelException(file + ": prompts is " + prompts + "; it must be an object of names and texts");
        }
        prompts.properties().forEach(one -> {
            if (!one.getValue().isString() && !one.getValue().isNull()) {
                throw new ModelException(
                        file + ": the prompt " + one.getKey() + " is " + one.getValue() + "; it must be a text");
            }
            named.put(one.getKey(), one.getValue().asString(""));
        });
        JsonNode name = config.path("default_prompt_name");
        if (!name.isMissingNode() && !name.isNull() && !(name.isString() && named.containsKey(name.stringValue()))) {
            throw new ModelException(file + ": default_prompt_name is " + name + "; prompts has " + named.keySet());
        }
        return new Prompts(
                file.toString(), named, name.isString() ? Optional.of(name.stringValue()) : Optional.empty());
    }

    /** The text to put before every text; empty for none. */
    String of(PromptChoice asked) {
        if (asked.text().isPresent()) {
            return asked.text().get();
        }
        Optional<String> name = asked.name().or(() -> byDefault);
        if (name.isEmpty()) {
            return "";
        }
        return Optional.ofNullable(named.get(name.get()))
                .orElseThrow(() -> new ModelException("prompt-name is '" + name.get() + "'; " + file + " names "
                        + named.keySet() + ". A prompt of your own: prompt: 'TEXT '"));
    }
}
