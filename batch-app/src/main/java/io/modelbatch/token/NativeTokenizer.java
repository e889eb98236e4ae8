package io.modelbatch.token;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Hugging Face's own library, by the native calls of DJL, which are not part of its public API and may change with each of its
 * versions: no other class makes them. DJL's {@code HuggingFaceTokenizer} above them fetches nine arrays for
 * each text, of which two are needed: that takes up to twice as long.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

    /** A call with the address of what was freed would take the process down. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private long address;

    /**
     * Reads a tokenizer.
     *
     * @throws RuntimeException when the library cannot read it
     */
    NativeTokenizer(String json) {
        System.setProperty("ai.djl.offline", "true");
        LibUtils.checkStatus();
        address = LIBRARY.createTokenizerFromString(json);
    }

    /** Asks about a text's tokens, without special tokens. */
    <T> T bare(String text, LongFunction<T> question) {
        return ask(tokenizer -> LIBRARY.encode(tokenizer, text, false), question);
    }

    /** Asks about a text's tokens and the special tokens around them. */
    <T> T framed(String text, LongFunction<T> question) {
        return ask(tokenizer -> LIBRARY.encode(tokenizer, text, true), question);
    }

    /** Asks about the tokens of two texts and the special tokens around them. */
    <T> T framed(String text, String pair, LongFunction<T> question) {
        return ask(tokenizer -> LIBRARY.encodeDual(tokenizer, text, pair, true), question);
    }

    private <T> T ask(LongUnaryOperator encode, LongFunction<T> question) {
        inUse.readLock().lock();
        try {
            if (address == 0) {
                throw new IllegalStateException("The tokenizer is closed");
            }
            return answer(encode.applyAsLong(address), question);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private static <T> T answer(long encoding, LongFunction<T> question) {
        try {
            return question.apply(encoding);
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    /** The ids of an encoded text. */
    static int[] ids(long encoding) {
        return ints(LIBRARY.getTokenIds(encoding));
    }

    /** The token types of an encoded text. */
    static int[] types(long encoding) {
        return ints(LIBRARY.getTypeIds(encoding));
    }

    /** Where in an encoded text its tokens stand, in code points. */
    static CharSpan[] spans(long encoding) {
        return LIBRARY.getTokenCharSpans(encoding);
    }

    private static int[] ints(long[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            ints[i] = Math.toIntExact(values[i]);
        }
        return ints;
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (address != 0) {
                LIBRARY.deleteTokenizer(address);
                address = 0;
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
