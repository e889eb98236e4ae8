package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/** The heads that architectures share. */
final class Classifiers {
    private static final String NAME = "classifier";

    private Classifiers() {}

    /** Labels of a text, by two dense layers on its first token: {@code [rows, labels]}. */
    static Value ofFirstToken(
            ForwardScript script, Value states, int hidden, int labels, Activation activation, double dropout) {
        Value first = script.dropout(firstToken(script, states), dropout);
        Value dense = script.headDense(first, Dense.named(NAME + ".dense", hidden, hidden));
        Value inner = script.dropout(script.let(activation.script(dense)), dropout);
        return script.headDense(inner, Dense.named(NAME + ".out_proj", labels, hidden));
    }

    /**
     * Labels of a text, by a dense layer on what another made of its first token: {@code [rows, labels]}.
     *
     * @param pooler the name of the other
     * @param activation of the other
     */
    static Value ofPooled(
            ForwardScript script, Value states, Dense pooler, Activation activation, int labels, double dropout) {
        Value dense = script.headDense(firstToken(script, states), pooler);
        Value pooled = script.dropout(script.let(activation.script(dense)), dropout);
        return script.headDense(pooled, Dense.named(NAME, labels, pooler.out()));
    }

    /** Labels of each token: {@code [rows, width, labels]}. */
    static Value ofTokens(ForwardScript script, Value states, int hidden, int labels, double dropout) {
        return script.headDense(script.dropout(states, dropout), Dense.named(NAME, labels, hidden));
    }

    /** The states of the first token, {@code [rows, hidden]}. */
    static Value firstToken(ForwardScript script, Value states) {
        return script.let("torch.select(%s, 1, 0)", states);
    }
}
