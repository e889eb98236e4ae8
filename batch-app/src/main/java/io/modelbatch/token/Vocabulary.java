package io.modelbatch.token;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tokens of a {@code tokenizer.json}, by their ids. */
final class Vocabulary {
    /** Published vocabularies end at about a million. */
    private static final int MOST_IDS = 1 << 22;

    private final @Nullable String[] tokens;

    private Vocabulary(@Nullable String[] tokens) {
        this.tokens = tokens;
    }

    static Vocabulary of(TokenizerFiles files) {
        TreeMap<Integer, String> tokens = new TreeMap<>();
        JsonNode base = files.tokenizer().path("model").path("vocab");
        if (base.isArray()) {
            for (JsonNode one : base) {
                tokens.put(tokens.size(), text(one.path(0), files));
            }
        } else {
            base.properties().forEach(one -> tokens.put(id(one.getValue(), files), one.getKey()));
        }
        if (tokens.isEmpty()) {
            throw files.damaged("has no vocabulary");
        }
        for (JsonNode added : files.tokenizer().path("added_tokens")) {
            tokens.put(id(added.path("id"), files), text(added.path("content"), files));
        }
        String[] byId = new String[tokens.lastKey() + 1];
        tokens.forEach((id, token) -> byId[id] = token);
        return new Vocabulary(byId);
    }

    private static String text(JsonNode token, TokenizerFiles files) {
        if (token.isString()) {
            return token.stringValue();
        }
        throw files.damaged("has a token without text: " + token);
    }

    private static int id(JsonNode id, TokenizerFiles files) {
        if (id.isInt() && id.intValue() >= 0 && id.intValue() < MOST_IDS) {
            return id.intValue();
        }
        throw files.damaged("has a token with the id " + id + ", not 0 to " + (MOST_IDS - 1));
    }

    /** The id of a token. Looks at all of them: for a few questions at the beginning. */
    OptionalInt id(String token) {
        int id = Arrays.asList(tokens).indexOf(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The token of an id; of one that there is not, nothing. */
    String token(int id) {
        String token = id < tokens.length ? tokens[id] : null;
        return token == null ? "" : token;
    }

    int largestId() {
        return tokens.length - 1;
    }
}
