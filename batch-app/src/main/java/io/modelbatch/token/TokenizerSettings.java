package io.modelbatch.token;

import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * The limits and extras of a model's input.
 *
 * @param maxLength tokens to truncate to
 * @param typed whether the model is fed token types; otherwise all are 0
 * @param side where a text that is too long loses tokens
 */
record TokenizerSettings(int maxLength, boolean typed, Side side) {
    /** An end of a text. */
    enum Side {
        LEFT,
        RIGHT
    }

    static TokenizerSettings of(TokenizerFiles files, int positions, OptionalInt maxLength) {
        return new TokenizerSettings(
                length(files, positions, maxLength), TokenizerClass.of(files).typed(files), side(files));
    }

    /** Padding has no side here: batches are padded on the right, and what a model makes of a row does not depend on it. */
    private static Side side(TokenizerFiles files) {
        String fromFile = files.tokenizer().path("truncation").path("direction").asString("right");
        String side = files.config().path("truncation_side").asString(fromFile);
        return switch (side) {
            case "left", "Left" -> Side.LEFT;
            case "right", "Right" -> Side.RIGHT;
            default -> throw files.refused("truncation_side is " + side + "; it must be left or right");
        };
    }

    private static int length(TokenizerFiles files, int positions, OptionalInt asked) {
        if (asked.isPresent()) {
            if (asked.getAsInt() < 1 || asked.getAsInt() > positions) {
                throw new TokenizerException(files.directory() + ": max-length is " + asked.getAsInt()
                        + "; this model takes 1 to " + positions + " tokens");
            }
            return asked.getAsInt();
        }
        JsonNode stated = files.config().path("model_max_length");
        if (!stated.isNumber()) {
            return positions;
        }
        // "No limit" is written as 1e30.
        if (!(stated.asDouble() >= 1)) {
            throw files.refused("model_max_length is " + stated + "; it must be 1 or more");
        }
        return (int) Math.min(positions, stated.asDouble());
    }
}
