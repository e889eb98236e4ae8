package io.modelbatch.token;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Refuses the {@code tokenizer.json} that would take the process down: where Hugging Face's library meets these, it panics. */
final class TokenizerValidation {
    private static final List<String> PARTS = List.of("normalizer", "pre_tokenizer");
    private static final int MOST_GROWTH = 100;

    private TokenizerValidation() {}

    static void check(JsonNode json, TokenizerFiles files) {
        JsonNode model = json.path("model");
        String prefix = model.path("continuing_subword_prefix").asString("");
        if (!prefix.isEmpty()
                && model.path("merges")
                        .valueStream()
                        .anyMatch(merge -> !second(merge).startsWith(prefix))) {
            throw files.damaged("merges a token that does not begin with " + prefix);
        }
        for (String part : PARTS) {
            if (cost(json.path(part)).repeats() == RegexCost.ENDLESS) {
                throw files.refusedPattern(part);
            }
        }
        requireBounded(json.path("normalizer"), files);
        templates(json.path("post_processor")).forEach(template -> checkTemplate(template, files));
    }

    /** The most characters of a text that its expressions can be asked about. */
    static int mostCharacters(JsonNode json) {
        return PARTS.stream()
                .mapToInt(part -> cost(json.path(part)).mostCharacters())
                .min()
                .orElseThrow();
    }

    private static RegexCost cost(JsonNode part) {
        return new RegexCost(part.findValues("Regex").stream()
                .mapToInt(expression -> RegexCost.of(expression.asString("")).repeats())
                .max()
                .orElse(0));
    }

    /** A text that grows with each of its steps would fill the memory. */
    private static void requireBounded(JsonNode normalizer, TokenizerFiles files) {
        double growth = 1;
        for (JsonNode step : normalizer.findParents("content")) {
            String pattern = step.path("pattern").path("String").asString("");
            int length = pattern.codePointCount(0, pattern.length());
            growth *= Math.max(1, step.path("content").asString("").length() / (double) Math.max(1, length));
        }
        if (growth > MOST_GROWTH) {
            throw files.damaged("makes texts more than " + MOST_GROWTH + " times as long");
        }
    }

    private static String second(JsonNode merge) {
        String text = merge.isArray() ? merge.path(1).asString("") : merge.asString("");
        return merge.isArray() ? text : text.substring(text.indexOf(' ') + 1);
    }

    private static Stream<JsonNode> templates(JsonNode processor) {
        return Stream.concat(
                Stream.of(processor),
                processor.path("processors").valueStream().flatMap(TokenizerValidation::templates));
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
