package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.base.PrintableText;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The keys of a small YAML file that comes with a model, and what is wrong with them. YAML's own types and tags are not looked at and
 * nothing is constructed: a text is what was written, so the label {@code no} is not a truth value.
 */
final class YamlEntries {
    /** A hundred thousand labels have about as much. */
    private static final int MOST_CHARACTERS = 4 << 20;
    /** A group of lists. */
    private static final int DEPTH = 3;

    private static final int LONGEST_QUOTE = 60;

    private final Map<String, Node> entries = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private YamlEntries() {}

    /**
     * Reads a file that is a group of keys.
     *
     * @param allowed the keys that there may be
     * @throws ModelException when it is not such a file
     */
    static YamlEntries read(DisplayPath file, List<String> allowed) throws IOException {
        YamlEntries read = new YamlEntries();
        if (!(compose(file) instanceof MappingNode mapping)) {
            throw new ModelException(file + " must be a group of keys: " + String.join(", ", allowed));
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "(no text)";
            if (!allowed.contains(key)) {
                read.report(
                        tuple.getKeyNode(), quoted(key) + " is an unknown key; allowed: " + String.join(", ", allowed));
            } else if (read.entries.putIfAbsent(key, tuple.getValueNode()) != null) {
                read.report(tuple.getKeyNode(), key + " appears twice; keep one");
            }
        }
        return read;
    }

    private static @Nullable Node compose(DisplayPath file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_CHARACTERS);
        options.setNestingDepthLimit(DEPTH);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(ModelFile.json(file)))
                    .toString();
            return new Yaml(options).compose(new StringReader(text));
        } catch (CharacterCodingException e) {
            throw new ModelException(file + " is not UTF-8; save it as UTF-8", e);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark().getLine() + 1;
            throw new ModelException(file + " is not YAML: line " + line + ": " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ModelException(file + " is not YAML that is supported: " + e.getMessage(), e);
        }
    }

    /** The problems, each with its line and key. */
    List<String> problems() {
        return problems;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Notes that the value of a key that is there does not do. */
    void report(String key, String message) {
        report(Objects.requireNonNull(entries.get(key)), key + " " + message);
    }

    private void report(Node place, String message) {
        problems.add("line " + (place.getStartMark().getLine() + 1) + ": " + message);
    }

    /** A text that must be there. */
    Optional<String> text(String key) {
        Node node = required(key);
        Optional<String> text = node == null ? Optional.empty() : textOf(node);
        if (node != null && text.isEmpty()) {
            report(node, key + " must be a text");
        }
        return text;
    }

    /** A list of texts that must be there, and have one at least. */
    List<String> texts(String key) {
        Node node = required(key);
        if (node == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> textOf(item).ifPresent(texts::add));
        }
        if (texts.isEmpty() || texts.size() < ((SequenceNode) node).getValue().size()) {
            report(node, key + " must be a list of texts, such as [a, b]");
        }
        return texts;
    }

    /** A whole number that must be there. */
    int number(String key, int least, int most) {
        Node node = required(key);
        if (node == null) {
            return most;
        }
        Optional<Integer> number = textOf(node)
                .filter(text -> text.matches("0|[1-9][0-9]{0,8}"))
                .map(Integer::valueOf)
                .filter(value -> value >= least && value <= most);
        if (number.isEmpty()) {
            report(node, key + " must be a whole number from " + least + " to " + most);
        }
        return number.orElse(most);
    }

    private @Nullable Node required(String key) {
        Node node = entries.get(key);
        if (node == null) {
            problems.add(key + " is missing");
        }
        return node;
    }

    private static Optional<String> textOf(Node node) {
        return node instanceof ScalarNode scalar && !scalar.getValue().isBlank()
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    private static String quoted(String text) {
        return "'" + PrintableText.shortened(text, LONGEST_QUOTE) + "'";
    }
}
