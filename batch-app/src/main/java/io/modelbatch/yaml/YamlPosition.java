package io.modelbatch.yaml;

import io.modelbatch.base.PrintableText;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A node of the file, and how to tell the user where it is.
 *
 * @param path as {@code steps[1].train}; empty for the whole file
 * @param start where its key is, or the node itself when it has none
 */
public record YamlPosition(Node node, String path, Mark start) {
    public static YamlPosition root(Node node) {
        return new YamlPosition(node, "", node.getStartMark());
    }

    public YamlPosition child(Node key, String name, Node value) {
        return new YamlPosition(value, path.isEmpty() ? name : path + "." + name, key.getStartMark());
    }

    public YamlPosition item(int index, Node item) {
        return new YamlPosition(item, path + "[" + index + "]", item.getStartMark());
    }

    /** True if there is nothing, {@code ~} or {@code null}, which no option has as a value. */
    public boolean isNull() {
        return node.getTag().equals(Tag.NULL) && node instanceof ScalarNode;
    }

    /** A description of what the user wrote, for messages. */
    public String found() {
        if (isNull()) {
            return "nothing";
        }
        return switch (node.getNodeId()) {
            case mapping -> "a group of keys";
            case sequence -> "a list";
            default -> "'" + PrintableText.line(((ScalarNode) node).getValue()) + "'";
        };
    }
}
