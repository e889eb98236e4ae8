package io.modelbatch.step.command;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The parameters of a notebook as a YAML file that papermill reads with the same types. It uses PyYAML, to which {@code 1E10} is a text and
 * {@code "\ud83d\ude00"} two broken characters, so that neither a JSON file nor one of SnakeYAML is read as it was meant.
 *
 * @param values {@code String}, {@code Long}, {@code Double} or {@code Boolean} by name
 */
record NotebookParameters(Map<String, Object> values) {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    String yaml() {
        return values.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + value(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String value(Object value) {
        return value instanceof Double
                ? "!!float \"" + value + "\""
                : value instanceof String text ? quoted(text) : value.toString();
    }

    private static String quoted(String text) {
        return text.codePoints().mapToObj(NotebookParameters::escaped).collect(Collectors.joining("", "\"", "\""));
    }

    private static String escaped(int character) {
        if (character == '"' || character == '\\') {
            return "\\" + (char) character;
        }
        return character >= FIRST_PRINTABLE && character <= LAST_PRINTABLE
                ? Character.toString(character)
                : "\\U%08x".formatted(character);
    }
}
