package io.modelbatch.model.script;

import java.util.List;

/**
 * A tensor that a computation reads.
 *
 * @param name its name, as Hugging Face has it
 * @param shape its dimensions
 * @param role its role, which decides the values of a new one
 */
public record Parameter(String name, List<Long> shape, Role role) {
    /** Keeps its own copy. */
    public Parameter {
        shape = List.copyOf(shape);
    }

    /** The role of a tensor. */
    public enum Role {
        /** It is multiplied or looked up; a new one is normal. */
        WEIGHT,
        /** It is added; a new one is zero. */
        BIAS,
        /** It scales what was normalised; a new one is one. */
        SCALE
    }
}
