package io.modelbatch.token;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Turns text into the ids that a model was trained on. Safe for several threads. */
public interface Tokenizer extends AutoCloseable {
    /**
     * Reads {@code tokenizer.json} as it is, and from {@code tokenizer_config.json} the longest input and whether the second
     * text of a pair has token type 1.
     *
     * @param directory the model's directory
     * @param positions the longest sequence that the model can take
     * @param maxLength truncate to so many tokens, special tokens included; empty for what the files say
     * @throws TokenizerException when a file is missing or damaged, or {@code maxLength} is more than {@code positions}
     */
    static Tokenizer open(Path directory, int positions, OptionalInt maxLength) throws IOException {
        return DjlTokenizer.open(TokenizerSettings.read(directory, positions, maxLength));
    }

    /**
     * The ids of a text, or of a pair of texts. Half a surrogate pair, which is no character, counts as U+FFFD.
     *
     * @param pair the second text; null when there is one text
     * @throws TokenizerException when the tokenizer refuses the text
     */
    TokenIds encode(String text, @Nullable String pair);

    /** Longer texts are truncated to so many tokens, special tokens included. */
    int maxLength();

    @Override
    void close();
}
