package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;

/** Writes the linear layers of an encoder. */
abstract class LinearLayers {
    final ForwardScript script;
    final ScriptTensors tensors;

    LinearLayers(ForwardScript script, ScriptTensors tensors) {
        this.script = script;
        this.tensors = tensors;
    }

    /**
     * A product with the weights of a layer, for all tokens.
     *
     * @param x {@code […, layer.in()]}
     */
    abstract Value dense(Value x, Dense layer);

    /** The weights of a layer as they are, {@code [out, in]}; within {@link ForwardScript#constant}. */
    abstract Value weightAsItIs(Dense layer);

    /** The same, and then an activation. */
    Value dense(Value x, Dense layer, Activation activation) {
        return script.let(activation.script(dense(x, layer)));
    }

    /** The activation of one half of a product, times the other half. */
    Value gated(Value x, Dense both, Activation activation) {
        long half = both.out() / 2;
        Value all = dense(x, both);
        Value active = script.let(activation.script(script.let("torch.slice(%s, -1, 0, %d, 1)", all, half)));
        return script.let("torch.mul(%s, torch.slice(%s, -1, %d, %d, 1))", active, all, half, both.out());
    }

    /** {@code residual + dropout(x · layer)}. */
    Value denseOnto(Value residual, Value x, Dense layer, double dropout) {
        return script.let("torch.add(%s, %s)", script.dropout(dense(x, layer), dropout), residual);
    }
}
