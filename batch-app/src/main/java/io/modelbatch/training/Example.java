package io.modelbatch.training;

import io.modelbatch.token.TokenIds;

/**
 * A text with its label.
 *
 * @param tokens the text as the model reads it
 * @param label the number of its label
 */
public record Example(TokenIds tokens, int label) {}
