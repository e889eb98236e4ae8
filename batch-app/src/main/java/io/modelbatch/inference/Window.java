package io.modelbatch.inference;

import io.modelbatch.token.TokenIds;
import io.modelbatch.token.TokenizedText;
import org.jspecify.annotations.Nullable;

/**
 * The input of a forward pass for one row and its output: the whole text, or a window of a long one.
 *
 * @param ids its tokens
 * @param text where in the text they come from; null where no answer needs that
 * @param numbers the model's output
 */
record Window(TokenIds ids, @Nullable TokenizedText text, float[] numbers) {}
