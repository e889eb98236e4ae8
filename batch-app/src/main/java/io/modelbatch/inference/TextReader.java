package io.modelbatch.inference;

import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes of a row what the model reads. Safe for several threads. */
final class TextReader implements AutoCloseable {
    /** Tokens that windows of a long text share, or a quarter of a window where that is less. */
    private static final int OVERLAP = 64;

    private final Tokenizer tokenizer;
    private final ModelConfig.Sizes sizes;
    private final String prompt;
    private final TextModelOptions.LongText longText;
    private final boolean places;

    /**
     * A reader.
     *
     * @param sizes vocabulary, positions and token types of the model
     * @param prompt put before every text
     * @param places whether answers need to know where tokens come from
     */
    TextReader(
            Tokenizer tokenizer,
            ModelConfig.Sizes sizes,
            String prompt,
            TextModelOptions.LongText longText,
            boolean places) {
        this.tokenizer = tokenizer;
        this.sizes = sizes;
        this.prompt = prompt;
        this.longText = longText;
        this.places = places;
    }

    static int overlap(Tokenizer tokenizer) {
        return Math.min(OVERLAP, tokenizer.room() / 4);
    }

    /** A text, in as many windows as it takes; one of them where longer texts are truncated. */
    List<ModelInput> read(int row, @Nullable String text) throws UnreadableException {
        if (text == null) {
            throw new UnreadableException("has no text (null)");
        }
        return checked(() -> windows(row, prompt + text));
    }

    /** A pair of texts. */
    List<ModelInput> read(int row, @Nullable String text, @Nullable String pair) throws UnreadableException {
        if (text == null) {
            throw new UnreadableException("has no text (null)");
        } else if (pair == null) {
            throw new UnreadableException("has no second text (null)");
        }
        return checked(() -> List.of(new ModelInput(row, 0, tokenizer.encode(text, pair), null)));
    }

    @FunctionalInterface
    private interface Tokenizing {
        List<ModelInput> readings();
    }

    private List<ModelInput> checked(Tokenizing tokenizing) throws UnreadableException {
        try {
            List<ModelInput> readings = tokenizing.readings();
            for (ModelInput reading : readings) {
                check(reading.ids());
            }
            return readings;
        } catch (TokenizerException e) {
            throw new UnreadableException("cannot be tokenized: " + e.getMessage(), e);
        }
    }

    private List<ModelInput> windows(int row, String text) {
        boolean chunks = longText == TextModelOptions.LongText.CHUNK;
        if (places) {
            List<TokenizedText> all =
                    chunks ? tokenizer.tokenizeWindows(text, overlap(tokenizer)) : List.of(tokenizer.tokenize(text));
            return IntStream.range(0, all.size())
                    .mapToObj(i -> new ModelInput(row, i, all.get(i).tokens(), all.get(i)))
                    .toList();
        }
        List<TokenIds> all =
                chunks ? tokenizer.encodeWindows(text, overlap(tokenizer)) : List.of(tokenizer.encode(text, null));
        return IntStream.range(0, all.size())
                .mapToObj(i -> new ModelInput(row, i, all.get(i), null))
                .toList();
    }

    /**
     * Looks at every token: whatever the files say, the tokenizer's library numbers some tokens as it likes, and looking up what the
     * tables of embeddings do not reach to would end the process on a GPU.
     */
    private void check(TokenIds tokens) throws UnreadableException {
        if (tokens.length() == 0) {
            throw new UnreadableException("has a text without any tokens");
        }
        for (int id : tokens.ids()) {
            if (id >= sizes.vocabulary()) {
                throw new UnreadableException("has the token " + id + ", which the model does not know (vocab_size "
                        + sizes.vocabulary() + "): tokenizer.json belongs to another model");
            }
        }
        for (int type : tokens.types()) {
            if (sizes.tokenTypes() > 0 && type >= sizes.tokenTypes()) {
                throw new UnreadableException(
                        "has the token type " + type + ", which the model does not know" + " (type_vocab_size "
                                + sizes.tokenTypes() + "): tokenizer_config.json belongs to another model");
            }
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
