package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.yaml.Problem;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlFormat;
import io.modelbatch.yaml.YamlMapping;
import io.modelbatch.yaml.YamlPosition;
import io.modelbatch.yaml.YamlReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The keys of a {@code modelbatch.yaml}, and the problems with them. A text is what was written, so the label {@code no} is not a truth
 * value.
 */
final class DescriptionKeys {
    /** A hundred thousand labels take about as much, and they are a list in a group. */
    private static final YamlFormat FORMAT =
            new YamlFormat("a description of a model", "model", 4 << 20, 3, "'archive' and 'task'");

    private final DisplayPath file;
    private final Problems problems;
    private final YamlMapping keys;

    private DescriptionKeys(DisplayPath file, Problems problems, YamlMapping keys) {
        this.file = file;
        this.problems = problems;
        this.keys = keys;
    }

    /**
     * Reads a file that is a group of keys.
     *
     * @param allowed the keys that it may have
     * @throws ModelException when it is not such a file
     */
    static DescriptionKeys read(DisplayPath file, List<String> allowed) throws IOException {
        ModelFile.check(file);
        Problems problems = new Problems(file.toString());
        Optional<Node> root = new YamlReader(FORMAT, problems).read(file.path());
        if (root.isEmpty()) {
            throw failure(file, problems);
        }
        YamlMapping keys = new YamlMapping(YamlPosition.root(root.get()), allowed, problems);
        if (!keys.isGroup()) {
            throw failure(file, problems);
        }
        keys.refuseOthers(allowed);
        return new DescriptionKeys(file, problems, keys);
    }

    private static ModelException failure(DisplayPath file, Problems problems) {
        return new ModelException(
                file + ": " + problems.found().stream().map(Problem::inFile).collect(Collectors.joining("; ")));
    }

    /** Refuses the file if it has a problem. */
    void throwIfAny() {
        if (problems.count() > 0) {
            throw failure(file, problems);
        }
    }

    boolean has(String key) {
        return keys.keys().contains(key);
    }

    /** Reports that the value of a key that is there is not allowed. */
    void report(String key, String message) {
        report(keys.find(key).orElseThrow(), message);
    }

    private void report(YamlPosition place, String message) {
        problems.add(place.start(), place.path(), message);
    }

    /** A text that must be there. */
    Optional<String> text(String key) {
        Optional<YamlPosition> place = required(key);
        Optional<String> text = place.map(YamlPosition::node).flatMap(DescriptionKeys::textOf);
        if (place.isPresent() && text.isEmpty()) {
            report(key, "must be a text, not " + place.get().found());
        }
        return text;
    }

    /** A list of texts that must be there, and have one at least. */
    List<String> texts(String key) {
        Optional<YamlPosition> place = required(key);
        if (place.isEmpty()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        List<Node> items = place.get().node() instanceof SequenceNode sequence ? sequence.getValue() : List.of();
        items.forEach(item -> textOf(item).ifPresent(texts::add));
        if (texts.isEmpty() || texts.size() < items.size()) {
            report(key, "must be a list of texts, such as [a, b]");
        }
        return texts;
    }

    /** A whole number that must be there. */
    int number(String key, int least, int most) {
        Optional<YamlPosition> place = required(key);
        Optional<Integer> number = place.map(YamlPosition::node)
                .flatMap(DescriptionKeys::textOf)
                .filter(text -> text.matches("0|[1-9][0-9]{0,8}"))
                .map(Integer::valueOf)
                .filter(value -> value >= least && value <= most);
        if (place.isPresent() && number.isEmpty()) {
            report(
                    key,
                    "must be a whole number from " + least + " to " + most + ", not "
                            + place.get().found());
        }
        return number.orElse(most);
    }

    private Optional<YamlPosition> required(String key) {
        Optional<YamlPosition> place = keys.find(key);
        if (place.isEmpty()) {
            report(keys.place(), "lacks '" + key + "'");
        }
        return place;
    }

    private static Optional<String> textOf(Node node) {
        return node instanceof ScalarNode scalar && !scalar.getValue().isBlank()
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }
}
