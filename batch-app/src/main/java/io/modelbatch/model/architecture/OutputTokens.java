package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/**
 * The tokens whose last states are wanted. Most heads for texts read the first token alone. What it becomes depends on all others as
 * they were before the last block, so that one only may leave others out: most of its products are of the token that asks.
 */
enum OutputTokens {
    ALL,
    FIRST;

    /** Those that are wanted of one of the blocks. */
    OutputTokens ofBlock(int number, int blocks) {
        return number < blocks - 1 ? ALL : this;
    }

    /**
     * The numbers of these tokens.
     *
     * @param x {@code [rows, width, hidden]}
     */
    Value of(ForwardScript script, Value x) {
        return this == ALL ? x : script.ofFirstToken(x);
    }
}
