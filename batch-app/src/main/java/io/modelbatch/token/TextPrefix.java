package io.modelbatch.token;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * As much of a long text as surely has the tokens that are wanted. The library reads a text to its end, however few of its tokens
 * are wanted: of a megabyte, almost all would be read in vain.
 *
 * @param tokens the number of tokens that are wanted
 */
record TextPrefix(int tokens) {
    private static final Set<String> SPLIT_AT_SPACES =
            Set.of("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "ByteLevel", "Metaspace");

    /** Tokens of the last words are not taken: what follows a text's end could change them. */
    private static final int SPARE = 64;

    /** True if no token of these tokenizers reaches over a space into the next word. */
    static boolean splitsAtSpaces(JsonNode preTokenizer) {
        JsonNode steps = preTokenizer.path("pretokenizers");
        return steps.isArray()
                ? steps.valueStream().anyMatch(TextPrefix::splitsAtSpaces)
                : SPLIT_AT_SPACES.contains(preTokenizer.path("type").asString(""))
                        && preTokenizer.path("split").asBoolean(true)
                        && preTokenizer.path("use_regex").asBoolean(true);
    }

    /** True if a prefix with so many tokens has those that are wanted, and the text is truncated. */
    boolean suffices(int found) {
        return found >= tokens + SPARE;
    }

    /** The beginning of a text, to the end of a word. Empty when that would be most of the text. */
    Optional<String> of(String text, int attempt) {
        long enough = (16L * tokens + 1024) << (2 * attempt);
        for (long end = enough; end < text.length() / 2; end++) {
            int at = (int) end;
            if (text.charAt(at) == ' ' && isWord(text.charAt(at - 1)) && isWord(text.charAt(at + 1))) {
                return Optional.of(text.substring(0, at));
            }
        }
        return Optional.empty();
    }

    private static boolean isWord(char unit) {
        return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z' || unit >= '0' && unit <= '9';
    }
}
