package io.modelbatch.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML document with its comments: a template of this package's resources, in which values are set. Places are written as
 * {@code /spec/containers/0/args}.
 */
final class Manifest {
    private static final int WIDTH = 160;

    private final Node root;

    private Manifest(Node root) {
        this.root = root;
    }

    /** A copy of a template. */
    static Manifest template(String name) {
        try (InputStream template = Manifest.class.getResourceAsStream(name + ".yaml")) {
            return parse(new String(Objects.requireNonNull(template, name).readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document, or a part of one. */
    static Manifest parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(true);
        return new Manifest(new Yaml(new SafeConstructor(options), new Representer(layout()), layout(), options)
                .compose(new StringReader(yaml)));
    }

    /** Sets the value of a key. One that is there keeps its place, its comments and, where it is a text, its quotes. */
    Manifest set(String place, Object value) {
        int last = place.lastIndexOf('/');
        MappingNode parent = (MappingNode) find(place.substring(0, last));
        String key = place.substring(last + 1);
        Node after = node(value);
        for (int i = 0; i < parent.getValue().size(); i++) {
            NodeTuple tuple = parent.getValue().get(i);
            if (key(tuple).equals(key)) {
                parent.getValue().set(i, new NodeTuple(tuple.getKeyNode(), likeBefore(tuple.getValueNode(), after)));
                return this;
            }
        }
        parent.getValue().add(new NodeTuple(node(key), after));
        grown(parent);
        return this;
    }

    /** Adds a member to a list. */
    Manifest add(String place, Object member) {
        SequenceNode list = (SequenceNode) find(place);
        list.getValue().add(node(member));
        grown(list);
        return this;
    }

    /** Comments a key, in lines above it. */
    Manifest comment(String place, String... lines) {
        int last = place.lastIndexOf('/');
        NodeTuple tuple = tuple((MappingNode) find(place.substring(0, last)), place.substring(last + 1))
                .orElseThrow();
        List<CommentLine> comments = new ArrayList<>();
        for (String line : lines) {
            comments.add(new CommentLine(null, null, " " + line, CommentType.BLOCK));
        }
        tuple.getKeyNode().setBlockComments(comments);
        return this;
    }

    /** Removes a key. */
    Manifest remove(String place) {
        int last = place.lastIndexOf('/');
        MappingNode parent = (MappingNode) find(place.substring(0, last));
        parent.getValue().removeIf(tuple -> key(tuple).equals(place.substring(last + 1)));
        return this;
    }

    /** The document as YAML. */
    String text() {
        StringWriter text = new StringWriter();
        DumperOptions layout = layout();
        Emitter emitter = new Emitter(text, layout);
        try {
            for (Event event : new Yaml(layout).serialize(root)) {
                emitter.emit(event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The document as a member of a list. */
    String item() {
        List<Node> members = new ArrayList<>(List.of(root));
        return new Manifest(new SequenceNode(Tag.SEQ, members, FlowStyle.BLOCK))
                .text()
                .stripIndent();
    }

    private static DumperOptions layout() {
        DumperOptions options = new DumperOptions();
        options.setProcessComments(true);
        options.setIndent(2);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setWidth(WIDTH);
        options.setSplitLines(false);
        return options;
    }

    private static Node node(Object value) {
        return new Values().represent(value);
    }

    private static Node likeBefore(Node before, Node after) {
        Node node = before instanceof ScalarNode old
                        && after instanceof ScalarNode text
                        && old.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED
                ? new ScalarNode(text.getTag(), text.getValue(), null, null, ScalarStyle.DOUBLE_QUOTED)
                : after;
        node.setInLineComments(before.getInLineComments());
        return node;
    }

    /** A group or list that was empty has been written on one line; it gets a line for each member. */
    private static void grown(Node node) {
        if (node instanceof CollectionNode<?> collection
                && collection.getValue().size() == 1) {
            collection.setFlowStyle(FlowStyle.BLOCK);
        }
    }

    private Node find(String place) {
        Node node = root;
        for (String step : place.isEmpty() ? new String[0] : place.substring(1).split("/")) {
            node = node instanceof SequenceNode list
                    ? list.getValue().get(Integer.parseInt(step))
                    : tuple((MappingNode) node, step)
                            .orElseThrow(() -> new IllegalArgumentException("nothing at " + place))
                            .getValueNode();
        }
        return node;
    }

    private static Optional<NodeTuple> tuple(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> key(tuple).equals(key))
                .findFirst();
    }

    private static String key(NodeTuple tuple) {
        return ((ScalarNode) tuple.getKeyNode()).getValue();
    }

    /** Values as nodes: a text has quotes where it would be read as something else, and several lines stay lines. */
    private static final class Values extends Representer {
        private static final String PLAIN = "[A-Za-z/.][A-Za-z0-9_./@=-]*|[0-9]+[MGT]i";

        Values() {
            super(layout());
            representers.put(String.class, text -> text((String) text));
            representers.put(Manifest.class, manifest -> ((Manifest) manifest).root);
        }

        private Node text(String text) {
            ScalarStyle style;
            if (text.contains("\n")) {
                style = ScalarStyle.LITERAL;
            } else {
                boolean isPlain = text.matches(PLAIN)
                        && new Resolver().resolve(NodeId.scalar, text, true).equals(Tag.STR);
                style = isPlain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
            }
            return representScalar(Tag.STR, text, style);
        }
    }
}
