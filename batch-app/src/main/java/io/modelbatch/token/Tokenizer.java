package io.modelbatch.token;

import io.modelbatch.base.DisplayPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into the ids that a model was trained on, exactly as Hugging Face's {@code AutoTokenizer} does. Safe for several
 * threads. Half a surrogate pair, which is not a character, counts as U+FFFD.
 *
 * <p>All methods that take a text throw a {@link TokenizerException} when the tokenizer refuses it.
 */
public interface Tokenizer extends AutoCloseable {
    /**
     * Reads {@code tokenizer.json} and what {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code
     * config.json} add to it.
     *
     * @param directory the model's directory
     * @param positions the longest sequence that the model can take
     * @param maxLength truncate to so many tokens, special tokens included; empty for what the files say
     * @throws TokenizerException when a file is missing or damaged, or {@code maxLength} is more than {@code positions} or not
     *     more than the special tokens
     */
    static Tokenizer open(Path directory, int positions, OptionalInt maxLength) throws IOException {
        return open(DisplayPath.of(directory), positions, maxLength, Case.AS_IT_IS);
    }

    /** The same, with texts in lower case. */
    static Tokenizer open(DisplayPath directory, int positions, OptionalInt maxLength, Case letters)
            throws IOException {
        return DjlTokenizer.open(TokenizerFiles.read(directory), positions, maxLength, letters);
    }

    /** The change of a text's letters before all else. */
    enum Case {
        AS_IT_IS,
        /** They become small. */
        LOWER
    }

    /**
     * The ids of a text, or of a pair of texts, truncated. Of a pair, the longer text is truncated first.
     *
     * @param pair the second text; null when there is one text
     */
    TokenIds encode(String text, @Nullable String pair);

    /** The ids of a text, truncated, and where in the text they come from. */
    TokenizedText tokenize(String text);

    /**
     * The ids of a whole text in windows, none longer than {@link #maxLength()}, each with its special tokens. A window is not
     * called truncated. A text of length 0 has one window.
     *
     * @param overlap the number of tokens, special tokens not counted, that a window shares with the one before it
     * @throws IllegalArgumentException when that leaves no room for other tokens, see {@link #room()}
     */
    List<TokenIds> encodeWindows(String text, int overlap);

    /** The same windows, and where in the text their ids come from. */
    List<TokenizedText> tokenizeWindows(String text, int overlap);

    /** A token as the vocabulary spells it; an unknown one as the text does. */
    String token(TokenizedText text, int index);

    /** True when a token continues the word of the one before it: {@code is_subword} of Hugging Face's token classification. */
    boolean continues(TokenizedText text, int index);

    /** Tokens as a person reads them: {@code word} of Hugging Face's token classification. */
    String join(List<String> tokens);

    /** Longer texts are truncated to so many tokens, special tokens included. */
    int maxLength();

    /** The most tokens of one text beside the special tokens; an overlap must be smaller. */
    int room();

    @Override
    void close();
}
