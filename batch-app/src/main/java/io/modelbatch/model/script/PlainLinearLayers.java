package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;

/** Weights row by row; runs everywhere. */
final class PlainLinearLayers extends LinearLayers {
    PlainLinearLayers(ForwardScript script, ScriptTensors tensors) {
        super(script, tensors);
    }

    @Override
    Value dense(Value x, Dense layer) {
        return script.let("torch.linear(%s, %s, %s)", x, tensors.weight(layer), tensors.bias(layer));
    }

    @Override
    Value weightAsItIs(Dense layer) {
        return tensors.weight(layer);
    }
}
