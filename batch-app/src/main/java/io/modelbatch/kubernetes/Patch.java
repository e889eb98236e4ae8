package io.modelbatch.kubernetes;

import java.util.List;

/**
 * The change of an object by an overlay.
 *
 * @param file the name of its file
 * @param kind of the object
 * @param name of the object
 * @param operations of JSON Patch
 */
record Patch(String file, String kind, String name, List<Manifest> operations) {
    /** A change of a template of pods. */
    static Patch of(Template template, List<Manifest> operations) {
        return new Patch(template.patch(), template.kind(), template.name(), operations);
    }

    /** An operation, with the values of its format in their order. */
    static Manifest operation(String yaml, Object... values) {
        return Manifest.parse(yaml.formatted(values));
    }
}
