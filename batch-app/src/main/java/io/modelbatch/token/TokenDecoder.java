package io.modelbatch.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The token decoder: joins tokens to text, as the decoders of Hugging Face's library do. */
@FunctionalInterface
interface TokenDecoder {
    String join(List<String> tokens);

    /** The decoder of a {@code tokenizer.json}. */
    static TokenDecoder of(JsonNode decoder) {
        if (!decoder.isObject()) {
            return tokens -> String.join(" ", tokens);
        }
        return switch (decoder.path("type").asString("")) {
            case "WordPiece" ->
                new WordPieces(
                        decoder.path("prefix").asString("##"),
                        decoder.path("cleanup").asBoolean(true));
            case "Metaspace" ->
                new Underlined(
                        decoder.path("replacement").asString("\u2581"),
                        !decoder.path("prepend_scheme").asString("always").equals("never")
                                && decoder.path("add_prefix_space").asBoolean(true));
            case "ByteLevel" -> new Bytes();
            default ->
                tokens -> {
                    throw new TokenizerException("tokenizer.json has a decoder of the type "
                            + decoder.path("type").asString("")
                            + "; supported are WordPiece, Metaspace and ByteLevel");
                };
        };
    }

    /** Pieces inside a word begin with a prefix. */
    record WordPieces(String prefix, boolean cleanup) implements TokenDecoder {
        private static final List<Map.Entry<String, String>> CLEANUP = List.of(
                Map.entry(" .", "."),
                Map.entry(" ?", "?"),
                Map.entry(" !", "!"),
                Map.entry(" ,", ","),
                Map.entry(" ' ", "'"),
                Map.entry(" n't", "n't"),
                Map.entry(" 'm", "'m"),
                Map.entry(" do not", " don't"),
                Map.entry(" 's", "'s"),
                Map.entry(" 've", "'ve"),
                Map.entry(" 're", "'re"));

        @Override
        public String join(List<String> tokens) {
            return IntStream.range(0, tokens.size())
                    .mapToObj(i -> cleaned(i == 0 ? tokens.get(0) : behindAnother(tokens.get(i))))
                    .collect(Collectors.joining());
        }

        private String behindAnother(String token) {
            return token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }

        private String cleaned(String token) {
            String clean = token;
            for (Map.Entry<String, String> one : cleanup ? CLEANUP : List.<Map.Entry<String, String>>of()) {
                clean = clean.replace(one.getKey(), one.getValue());
            }
            return clean;
        }
    }

    /** A character, as a rule U+2581, stands for the space before a word. */
    record Underlined(String space, boolean prepended) implements TokenDecoder {
        @Override
        public String join(List<String> tokens) {
            return IntStream.range(0, tokens.size())
                    .mapToObj(i -> tokens.get(i).replace(space, i == 0 && prepended ? "" : " "))
                    .collect(Collectors.joining());
        }
    }

    /** Each character stands for a byte of UTF-8; a token with others stands for itself. */
    record Bytes() implements TokenDecoder {
        /** Bytes that print stand for themselves; the others, in their order, for the characters from U+0100. */
        private static final String CHARACTERS = characters();

        private static String characters() {
            StringBuilder characters = new StringBuilder();
            char next = 0x100;
            for (char value = 0; value < 0x100; value++) {
                boolean prints = value >= '!' && value <= '~' || value >= 0xa1 && value != 0xad;
                characters.append(prints ? value : next++);
            }
            return characters.toString();
        }

        @Override
        public String join(List<String> tokens) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String token : tokens) {
                if (token.chars().allMatch(unit -> CHARACTERS.indexOf(unit) >= 0)) {
                    token.chars().map(CHARACTERS::indexOf).forEach(bytes::write);
                } else {
                    bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
