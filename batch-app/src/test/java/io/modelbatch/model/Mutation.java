package io.modelbatch.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Small damages to the bytes of a file, by chance: of bits, of pieces, of what JSON consists of. */
final class Mutation {
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.){0,40}\"|-?[0-9][0-9.eE+-]*|true|false|null|[\\[\\]{}:,]");
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "1.5",
            "1e999",
            "-0.0",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "1" + "0".repeat(500),
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"1\"",
            "[]",
            "{}",
            "[[]]",
            "[0,1]",
            "[\"\",0]",
            "{\"a\":1}",
            "{\"type\":\"Sequence\"}",
            "[".repeat(2_000),
            ",",
            "",
            "NaN",
            "\u00ff");

    private Mutation() {}

    /** Between one and four damages. */
    static byte[] of(byte[] good, Random random) {
        byte[] bytes = good;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes = random.nextInt(3) == 0 ? bytes(bytes, random) : token(bytes, random);
        }
        return bytes;
    }

    private static byte[] token(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
        if (tokens.isEmpty()) {
            return bytes(bytes, random);
        }
        MatchResult token = tokens.get(random.nextInt(tokens.size()));
        MatchResult other = tokens.get(random.nextInt(tokens.size()));
        String replacement = random.nextBoolean() ? ODD.get(random.nextInt(ODD.size())) : other.group();
        return (text.substring(0, token.start()) + replacement + text.substring(token.end()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(byte[] bytes, Random random) {
        List<Byte> all = new ArrayList<>();
        for (byte one : bytes) {
            all.add(one);
        }
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(40));
        switch (random.nextInt(4)) {
            case 0 -> all.subList(from, to).clear();
            case 1 -> all.addAll(from, List.copyOf(all.subList(from, to)));
            case 2 -> all.add(from, (byte) random.nextInt(256));
            default ->
                all.replaceAll(one -> random.nextInt(bytes.length) == 0 ? (byte) (one ^ 1 << random.nextInt(8)) : one);
        }
        byte[] changed = new byte[all.size()];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = all.get(i);
        }
        return changed;
    }
}
