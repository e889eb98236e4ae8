package io.modelbatch.yaml;

import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Reports what YAML has and these files do not: anchors, aliases, tags, directives, several documents, deep nesting. It looks
 * at events, before anything is built from them, so that an alias cannot make the tree a circle or a giant.
 */
final class UnsupportedYaml {
    private final YamlFormat format;
    private final Problems problems;
    private int depth;
    private int documents;
    private int aliases;

    UnsupportedYaml(YamlFormat format, Problems problems) {
        this.format = format;
        this.problems = problems;
    }

    /** Looks at the next event; false when the rest of the file is better not looked at. */
    boolean check(Event event) {
        if (event instanceof NodeEvent node) {
            checkAnchor(node);
        }
        if (event instanceof ScalarEvent scalar && scalar.getTag() != null) {
            refuseTag(event, scalar.getTag());
        }
        if (event instanceof CollectionStartEvent start) {
            return checkCollection(start);
        }
        if (event instanceof CollectionEndEvent) {
            depth--;
        }
        return !(event instanceof DocumentStartEvent start) || checkDocument(start);
    }

    /** True if a tree can be built from the events seen. */
    boolean canBeComposed() {
        return aliases == 0;
    }

    private void checkAnchor(NodeEvent node) {
        if (node instanceof AliasEvent) {
            aliases++;
            report(node, "aliases (*" + node.getAnchor() + ") are not allowed; write the value out");
        } else if (node.getAnchor() != null) {
            report(node, "anchors (&" + node.getAnchor() + ") are not allowed; remove it");
        }
    }

    private boolean checkCollection(CollectionStartEvent start) {
        if (start.getTag() != null) {
            refuseTag(start, start.getTag());
        }
        if (++depth > format.depth()) {
            report(start, "is nested more than " + format.depth() + " levels deep, the limit of " + format.file());
            return false;
        }
        return true;
    }

    private boolean checkDocument(DocumentStartEvent start) {
        boolean hasTags = start.getTags() != null && !start.getTags().isEmpty();
        if (start.getVersion() != null || hasTags) {
            report(start, "directives (% lines) are not allowed; remove them");
        }
        if (++documents > 1) {
            report(start, "a second document starts here; write one " + format.subject() + " in a file");
            return false;
        }
        return true;
    }

    private void refuseTag(Event event, String tag) {
        String shown = tag.replace("tag:yaml.org,2002:", "!!");
        report(event, "tags (" + shown + ") are not allowed; the key decides what kind of value it has");
    }

    private void report(Event event, String message) {
        problems.add(event.getStartMark(), "", message);
    }
}
