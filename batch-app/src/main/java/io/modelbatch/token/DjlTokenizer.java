package io.modelbatch.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hugging Face's own tokenizer library, through DJL. */
final class DjlTokenizer implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerSettings settings;

    private DjlTokenizer(HuggingFaceTokenizer tokenizer, TokenizerSettings settings) {
        this.tokenizer = tokenizer;
        this.settings = settings;
    }

    static Tokenizer open(TokenizerSettings settings) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        try {
            // Padding and truncation of the library's own choosing are on unless both are set.
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(settings.file())
                    .optPadding(false)
                    .optTruncation(true)
                    .optMaxLength(settings.maxLength())
                    .build();
            return new DjlTokenizer(tokenizer, settings);
        } catch (RuntimeException e) {
            throw new TokenizerException(
                    settings.file() + " cannot be read: " + e.getMessage() + "; it is damaged, copy it again", e);
        }
    }

    @Override
    public TokenIds encode(String text, @Nullable String pair) {
        Encoding encoding = encoding(text, pair);
        int[] ids = ints(encoding.getIds());
        return new TokenIds(ids, settings.typed() ? ints(encoding.getTypeIds()) : new int[ids.length]);
    }

    private Encoding encoding(String text, @Nullable String pair) {
        try {
            return pair == null ? tokenizer.encode(valid(text)) : tokenizer.encode(valid(text), valid(pair));
        } catch (RuntimeException e) {
            throw new TokenizerException("the tokenizer refuses its text: " + e.getMessage(), e);
        }
    }

    /** Half a surrogate pair would make the native side misread the whole text. */
    private static String valid(String text) {
        return text.chars().noneMatch(unit -> Character.isSurrogate((char) unit)) ? text : replaced(text);
    }

    private static String replaced(String text) {
        return text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public int maxLength() {
        return settings.maxLength();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
