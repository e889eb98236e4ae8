package io.modelbatch.model.script;

import java.util.List;

/**
 * A dense layer, or several of the same sizes whose outputs lie side by side.
 *
 * @param names the layers' names, to which {@code .weight} and {@code .bias} are added
 * @param outOfEach numbers that each of them gives
 * @param in numbers that they take
 * @param biased true if they have a bias
 */
public record Dense(List<String> names, long outOfEach, long in, boolean biased) {
    public static Dense named(String name, long out, long in) {
        return new Dense(List.of(name), out, in, true);
    }

    public static Dense withoutBias(String name, long out, long in) {
        return new Dense(List.of(name), out, in, false);
    }

    /** Layers of the same sizes as one. */
    static Dense stacked(List<Dense> layers) {
        Dense first = layers.get(0);
        return new Dense(
                layers.stream().flatMap(layer -> layer.names().stream()).toList(),
                first.outOfEach(),
                first.in(),
                first.biased());
    }

    /** Numbers that all give. */
    public long out() {
        return outOfEach * names.size();
    }
}
