package io.modelbatch.yaml;

import io.modelbatch.base.NearestName;
import io.modelbatch.base.PrintableText;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The entries of a mapping, by key. Keys that cannot be used are reported and left out. */
public final class YamlMapping {
    private final YamlPosition place;
    private final Problems problems;
    private final Map<String, YamlPosition> byKey = new LinkedHashMap<>();

    /**
     * @param allowed keys to name when there is no mapping; may be empty
     */
    public YamlMapping(YamlPosition place, Collection<String> allowed, Problems problems) {
        this.place = place;
        this.problems = problems;
        if (place.node() instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::add);
        } else if (!isGroup()) {
            String keys = allowed.isEmpty() ? "" : " (" + String.join(", ", allowed) + ")";
            report(place.node(), "must be a group of keys" + keys + ", not " + place.found());
        }
    }

    /** The mapping itself. */
    public YamlPosition place() {
        return place;
    }

    /** True if there is a mapping, or nothing, which stands for an empty one. */
    public boolean isGroup() {
        return place.node() instanceof MappingNode || place.isNull();
    }

    public Map<String, YamlPosition> byKey() {
        return byKey;
    }

    public Set<String> keys() {
        return byKey.keySet();
    }

    public Optional<YamlPosition> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Reports the keys that are not among those allowed. */
    public void refuseOthers(Collection<String> allowed) {
        String keys = allowed.isEmpty() ? "none is allowed here" : "allowed: " + String.join(", ", allowed);
        byKey.forEach((key, entry) -> {
            if (!allowed.contains(key)) {
                problems.add(entry.start(), entry.path(), "unknown key" + NearestName.hint(key, allowed, keys));
            }
        });
    }

    private void add(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            report(tuple.getKeyNode(), "a key must be a plain text, not a list or a group of keys");
        } else if (key.getTag().equals(Tag.MERGE)) {
            report(key, "merge keys (<<) are not allowed; write the keys out");
        } else {
            YamlPosition entry = place.child(key, PrintableText.line(key.getValue()), tuple.getValueNode());
            Optional.ofNullable(byKey.putIfAbsent(key.getValue(), entry)).ifPresent(first -> {
                int line = first.start().getLine() + 1;
                problems.add(entry.start(), entry.path(), "appears twice, first in line " + line + "; keep one");
            });
        }
    }

    private void report(Node node, String message) {
        problems.add(node.getStartMark(), place.path(), message);
    }
}
