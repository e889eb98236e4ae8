package io.modelbatch.token;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Refuses the {@code tokenizer.json} that would take the process down: where Hugging Face's library meets these, it panics. */
final class Soundness {
    private Soundness() {}

    static void check(JsonNode json, TokenizerFiles files) {
        JsonNode model = json.path("model");
        String prefix = model.path("continuing_subword_prefix").asString("");
        if (!prefix.isEmpty()
                && model.path("merges")
                        .valueStream()
                        .anyMatch(merge -> !second(merge).startsWith(prefix))) {
            throw files.damaged("merges a token that does not begin with " + prefix);
        }
        templates(json.path("post_processor")).forEach(template -> checkTemplate(template, files));
    }

    private static String second(JsonNode merge) {
        String text = merge.isArray() ? merge.path(1).asString("") : merge.asString("");
        return merge.isArray() ? text : text.substring(text.indexOf(' ') + 1);
    }

    private static Stream<JsonNode> templates(JsonNode processor) {
        return Stream.concat(
                Stream.of(processor), processor.path("processors").valueStream().flatMap(Soundness::templates));
    }

    private static void checkTemplate(JsonNode template, TokenizerFiles files) {
        for (String name : List.of("single", "pair")) {
            for (JsonNode piece : template.path(name)) {
                JsonNode token = piece.path("SpecialToken").path("id");
                if (token.isString() && !template.path("special_tokens").has(token.stringValue())) {
                    throw files.damaged("has a post_processor with an unknown special token, " + token.stringValue());
                }
            }
        }
    }
}
