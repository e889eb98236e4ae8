package io.modelbatch.token;

import io.modelbatch.token.SpecialTokenTemplate.Tokens;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The special tokens around one text and around two.
 *
 * @param one around one text
 * @param two around two texts
 */
record SpecialTokenTemplates(SpecialTokenTemplate one, SpecialTokenTemplate two) {
    /** Learns from a text what the tokenizer puts around texts. */
    static SpecialTokenTemplates of(NativeTokenizer tokenizer, Vocabulary vocabulary, boolean typed) {
        String text = Stream.concat(Stream.of("a"), words(vocabulary))
                .filter(word -> tokenizer.bare(word, NativeTokenizer::ids).length > 0)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it gives no tokens for any text"));
        int[] bare = tokenizer.bare(text, NativeTokenizer::ids);
        Tokens one = tokenizer.framed(text, encoding -> tokens(encoding, typed));
        Tokens two = tokenizer.framed(text, text, encoding -> tokens(encoding, typed));
        if (IntStream.concat(Arrays.stream(one.ids()), Arrays.stream(two.ids()))
                .anyMatch(id -> id > vocabulary.largestId())) {
            throw new IllegalArgumentException("its post_processor adds tokens that are not in the vocabulary");
        }
        return new SpecialTokenTemplates(
                SpecialTokenTemplate.aroundOne(bare, one), SpecialTokenTemplate.aroundTwo(bare, two));
    }

    private static final int MOST_ATTEMPTS = 10_000;

    /** Texts that have a token, if any has. */
    private static Stream<String> words(Vocabulary vocabulary) {
        return IntStream.rangeClosed(0, vocabulary.largestId())
                .mapToObj(vocabulary::token)
                .filter(token -> !token.isEmpty())
                .limit(MOST_ATTEMPTS)
                .map(token -> token.replaceAll("^(##|\u2581|\u0120)", ""));
    }

    private static Tokens tokens(long encoding, boolean typed) {
        int[] ids = NativeTokenizer.ids(encoding);
        return new Tokens(ids, typed ? NativeTokenizer.types(encoding) : new int[ids.length]);
    }
}
