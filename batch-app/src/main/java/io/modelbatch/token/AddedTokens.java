package io.modelbatch.token;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tokens that are found in a text before anything else is: those of {@code tokenizer.json}, as {@code tokenizer_config.json} amends them. */
final class AddedTokens {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final List<String> SWITCHES = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    private AddedTokens() {}

    static ArrayNode of(TokenizerFiles files, Vocabulary vocabulary) {
        Map<Integer, JsonNode> tokens = new TreeMap<>();
        for (JsonNode one : files.tokenizer().path("added_tokens")) {
            tokens.put(one.path("id").intValue(), one);
        }
        for (JsonNode one : files.config().path("added_tokens_decoder")) {
            OptionalInt id = vocabulary.id(one.path("content").asString(""));
            id.ifPresent(known -> tokens.put(known, token(known, one)));
        }
        for (String role : ROLES) {
            files.special(role)
                    .map(vocabulary::id)
                    .filter(OptionalInt::isPresent)
                    .ifPresent(id ->
                            tokens.computeIfAbsent(id.getAsInt(), known -> special(known, vocabulary.token(known))));
        }
        return JsonMapper.shared().createArrayNode().addAll(tokens.values());
    }

    private static JsonNode token(int id, JsonNode stated) {
        ObjectNode token = named(id, stated.path("content").asString());
        SWITCHES.forEach(name -> token.put(name, stated.path(name).asBoolean(false)));
        return token;
    }

    private static JsonNode special(int id, String content) {
        ObjectNode token = named(id, content);
        SWITCHES.forEach(name -> token.put(name, name.equals("special")));
        return token;
    }

    private static ObjectNode named(int id, String content) {
        return JsonMapper.shared().createObjectNode().put("id", id).put("content", content);
    }
}
