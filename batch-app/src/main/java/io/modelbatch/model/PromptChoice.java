package io.modelbatch.model;

import java.util.Optional;

/**
 * The prompt that a job asks for, as {@code SentenceTransformer.encode} takes it. Without either, the model's default is used.
 *
 * @param text {@code prompt}: the text itself; an empty one for no prompt
 * @param name {@code prompt_name}: one of the model's prompts
 */
public record PromptChoice(Optional<String> text, Optional<String> name) {
    /** The model's default. */
    public static final PromptChoice DEFAULT = new PromptChoice(Optional.empty(), Optional.empty());
}
