package io.modelbatch.inference;

import io.modelbatch.token.TokenIds;
import io.modelbatch.token.TokenizedText;
import org.jspecify.annotations.Nullable;

/**
 * The input of a forward pass for one row: its text, or a window of it.
 *
 * @param row the row's number in its block
 * @param window the window's number in its row
 * @param ids its tokens, at least one
 * @param text where in the text they come from; null where no answer needs that
 */
record ModelInput(
        int row, int window, TokenIds ids, @Nullable TokenizedText text) {}
