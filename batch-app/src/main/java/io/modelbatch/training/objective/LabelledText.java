package io.modelbatch.training.objective;

import io.modelbatch.token.TokenIds;
import java.util.Arrays;

/**
 * A text with its label.
 *
 * @param tokens the text, or the pair of texts, as the model reads it
 * @param label the number of its label
 */
public record LabelledText(TokenIds tokens, int label) implements Example {
    /** Checkpoints hold a hash of this text, so it stays as it is. */
    @Override
    public String content() {
        return Arrays.toString(tokens.ids()) + Arrays.toString(tokens.types()) + label;
    }
}
