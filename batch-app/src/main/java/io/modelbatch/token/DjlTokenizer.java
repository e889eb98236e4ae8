package io.modelbatch.token;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.modelbatch.token.TokenizerSettings.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hugging Face's own tokenizer library. It is asked for a text's tokens alone; truncation, windows and special tokens are made
 * here: the library would make and keep everything that it cuts off.
 */
final class DjlTokenizer implements Tokenizer {
    /** The library takes about 200 bytes for each, so this is a gigabyte. */
    private static final int MOST_CHARACTERS = 4 << 20;

    private final NativeTokenizer tokenizer;
    private final TokenizerSettings settings;
    private final SpecialTokenTemplates frames;
    private final Vocabulary vocabulary;
    private final OptionalInt unknown;
    private final TokenDecoder words;
    private final boolean splitsAtSpaces;
    private final boolean marksContinuing;
    private final int mostMatched;

    private DjlTokenizer(
            NativeTokenizer tokenizer,
            TokenizerSettings settings,
            Vocabulary vocabulary,
            OptionalInt unknown,
            JsonNode json) {
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.frames = SpecialTokenTemplates.of(tokenizer, vocabulary, settings.typed());
        this.vocabulary = vocabulary;
        this.unknown = unknown;
        this.words = TokenDecoder.of(json.path("decoder"));
        this.splitsAtSpaces = TextPrefix.splitsAtSpaces(json.path("pre_tokenizer"));
        this.mostMatched = TokenizerValidation.mostCharacters(json);
        this.marksContinuing = !json.path("model")
                .path("continuing_subword_prefix")
                .asString("")
                .isEmpty();
    }

    static Tokenizer open(TokenizerFiles files, int positions, OptionalInt maxLength, Case letters) {
        TokenizerSettings settings = TokenizerSettings.of(files, positions, maxLength);
        TokenizerClass tokenizerClass = TokenizerClass.of(files);
        Vocabulary vocabulary = Vocabulary.of(files);
        ObjectNode json = TokenizerConfiguration.of(tokenizerClass, files, vocabulary);
        if (letters == Case.LOWER) {
            TokenizerConfiguration.lowercaseFirst(json);
        }
        TokenizerValidation.check(json, files);
        OptionalInt unknown = vocabulary.id(tokenizerClass.unknown(files));
        NativeTokenizer tokenizer = read(json, files);
        try {
            DjlTokenizer opened = new DjlTokenizer(tokenizer, settings, vocabulary, unknown, json);
            if (opened.room() < 1) {
                throw new TokenizerException(files.directory() + ": max-length is " + settings.maxLength()
                        + "; the special tokens alone are "
                        + opened.frames.one().size());
            }
            return opened;
        } catch (TokenizerException e) {
            tokenizer.close();
            throw e;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw files.damaged("cannot be used: " + e.getMessage(), e);
        }
    }

    private static NativeTokenizer read(JsonNode json, TokenizerFiles files) {
        try {
            return new NativeTokenizer(json.toString());
        } catch (RuntimeException e) {
            throw files.damaged("cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public TokenIds encode(String text, @Nullable String pair) {
        int[] ids = truncatable(valid(text), NativeTokenizer::ids, found -> found.length);
        if (pair != null) {
            return encode(ids, valid(text), valid(pair));
        }
        TruncatedRange cut = TruncatedRange.keep(room(), ids.length, settings.side());
        return frames.one().around(ids, cut, cut.length() < ids.length);
    }

    private TokenIds encode(int[] ids, String text, String pair) {
        int room = settings.maxLength() - frames.two().size();
        if (room < 0) {
            throw new TokenizerException(
                    "max-length is " + settings.maxLength() + "; the special tokens of two texts alone are "
                            + frames.two().size());
        }
        int[] first = ids;
        int[] second = truncatable(pair, NativeTokenizer::ids, found -> found.length);
        if (room % 2 == 1 && Math.min(first.length, second.length) > room) {
            // Which of the two gets the odd token, only their ends tell.
            first = bare(text, NativeTokenizer::ids);
            second = bare(pair, NativeTokenizer::ids);
        }
        List<TruncatedRange> cuts = TruncatedRange.keep(room, first.length, second.length, settings.side());
        return frames.two().around(first, cuts.get(0), second, cuts.get(1), first.length + second.length > room);
    }

    @Override
    public TokenizedText tokenize(String text) {
        Located tokens = truncatable(valid(text), Located::read, all -> all.ids.length);
        TruncatedRange cut = TruncatedRange.keep(room(), tokens.ids.length, settings.side());
        return tokens.in(text, frames.one(), cut, cut.length() < tokens.ids.length);
    }

    @Override
    public List<TokenIds> encodeWindows(String text, int overlap) {
        int[] ids = bare(valid(text), NativeTokenizer::ids);
        return windows(ids.length, overlap).stream()
                .map(cut -> frames.one().around(ids, cut, false))
                .toList();
    }

    @Override
    public List<TokenizedText> tokenizeWindows(String text, int overlap) {
        Located tokens = bare(valid(text), Located::read);
        return windows(tokens.ids.length, overlap).stream()
                .map(cut -> tokens.in(text, frames.one(), cut, false))
                .toList();
    }

    private List<TruncatedRange> windows(int tokens, int overlap) {
        if (overlap < 0 || overlap >= room()) {
            throw new IllegalArgumentException("An overlap of " + overlap + " tokens in windows of " + room());
        }
        return TruncatedRange.windows(room(), tokens, overlap, settings.side());
    }

    @Override
    public String join(List<String> tokens) {
        return words.join(tokens);
    }

    @Override
    public String token(TokenizedText text, int index) {
        return isUnknown(text, index)
                ? text.characters(index)
                : vocabulary.token(text.tokens().ids()[index]);
    }

    private boolean isUnknown(TokenizedText text, int index) {
        return unknown.equals(OptionalInt.of(text.tokens().ids()[index]));
    }

    /** A vocabulary that marks continuing tokens makes them longer than what they stand for. Elsewhere words end at spaces. */
    @Override
    public boolean continues(TokenizedText text, int index) {
        if (isUnknown(text, index)) {
            return false;
        } else if (marksContinuing) {
            String spelling = vocabulary.token(text.tokens().ids()[index]);
            return spelling.codePointCount(0, spelling.length()) != text.ends()[index] - text.starts()[index];
        }
        return text.starts()[index] > 0 && !text.hasSpaceAround(text.starts()[index]);
    }

    /** As many tokens of a text as there are, or enough to see that it must be truncated. */
    private <T> T truncatable(String text, LongFunction<T> reading, ToIntFunction<T> length) {
        if (splitsAtSpaces && settings.side() == Side.RIGHT) {
            TextPrefix beginning = new TextPrefix(settings.maxLength());
            Optional<String> part = beginning.of(text, 0);
            for (int attempt = 1; part.isPresent(); attempt++) {
                T tokens = bare(part.get(), reading);
                if (beginning.suffices(length.applyAsInt(tokens))) {
                    return tokens;
                }
                part = beginning.of(text, attempt);
            }
        }
        return bare(text, reading);
    }

    private <T> T bare(String text, LongFunction<T> reading) {
        if (text.length() > MOST_CHARACTERS) {
            throw new TokenizerException("the text has " + text.length() + " characters; at most " + MOST_CHARACTERS
                    + " are possible without truncation");
        }
        if (text.length() > mostMatched) {
            throw new TokenizerException("the text has " + text.length() + " characters; a regular expression of"
                    + " tokenizer.json repeats several times in a row, so at most " + mostMatched + " are possible");
        }
        try {
            return tokenizer.bare(text, reading);
        } catch (IllegalStateException e) {
            throw e;
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

    @Override
    public int maxLength() {
        return settings.maxLength();
    }

    @Override
    public int room() {
        return settings.maxLength() - frames.one().size();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** Tokens of a text, without special tokens, and where they stand. */
    private record Located(int[] ids, int[] starts, int[] ends) {
        static Located read(long encoding) {
            CharSpan[] spans = NativeTokenizer.spans(encoding);
            return new Located(
                    NativeTokenizer.ids(encoding),
                    Arrays.stream(spans).mapToInt(CharSpan::getStart).toArray(),
                    Arrays.stream(spans).mapToInt(CharSpan::getEnd).toArray());
        }

        TokenizedText in(String text, SpecialTokenTemplate frame, TruncatedRange cut, boolean truncated) {
            TokenIds tokens = frame.around(ids, cut, truncated);
            int before = frame.before().ids().length;
            boolean[] special = new boolean[tokens.length()];
            Arrays.fill(special, true);
            Arrays.fill(special, before, before + cut.length(), false);
            return new TokenizedText(
                    text, tokens, framed(starts, cut, before, tokens), framed(ends, cut, before, tokens), special);
        }

        private static int[] framed(int[] positions, TruncatedRange cut, int before, TokenIds tokens) {
            int[] framed = new int[tokens.length()];
            System.arraycopy(positions, cut.from(), framed, before, cut.length());
            return framed;
        }
    }
}
