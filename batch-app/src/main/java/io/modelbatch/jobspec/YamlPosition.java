package io.modelbatch.jobspec;

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
record YamlPosition(Node node, String path, Mark start) {
    static YamlPosition root(Node node) {
        return new YamlPosition(node, "", node.getStartMark());
    }

    YamlPosition child(Node key, String name, Node value) {
        return new YamlPosition(value, path.isEmpty() ? name : path + "." + name, key.getStartMark());
    }

    YamlPosition item(int index, Node item) {
        return new YamlPosition(item, path + "[" + index + "]", item.getStartMark());
    }

    /** True if there is nothing, {@code ~} or {@code null}, which no option has as a value. */
    boolean isNull() {
        return node.getTag().equals(Tag.NULL) && node instanceof ScalarNode;
    }

    /** A description of what the user wrote, for messages. */
    String found() {
        if (isNull()) {
            return "nothing";
        }
        return switch (node.getNodeId()) {
            case mapping -> "a group of keys";
            case sequence -> "a list";
            default -> "'" + Texts.shorten(((ScalarNode) node).getValue()) + "'";
        };
    }
}
