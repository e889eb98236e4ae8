package io.modelbatch.model;

import java.util.OptionalInt;

/**
 * The rules by which sentence-transformers changes a text before the tokenizer reads it, and its tokens.
 *
 * @param maxLength tokens that a text is truncated to; empty where that is left to the tokenizer's files
 * @param lowercase whether texts are put into lower case first
 * @param prompts texts that may be put before them
 * @param poolsPrompt whether the tokens of a prompt count in the pooling
 */
public record TextRules(OptionalInt maxLength, boolean lowercase, Prompts prompts, boolean poolsPrompt) {
    /** Those of models that are not of sentence-transformers. */
    static final TextRules NONE = new TextRules(OptionalInt.empty(), false, Prompts.NONE, true);

    /** The text to put before every text; empty for none. */
    public String prompt(PromptChoice asked) {
        return prompts.of(asked);
    }
}
