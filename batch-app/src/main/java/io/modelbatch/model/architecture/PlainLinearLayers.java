package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;

/** Weights row by row; runs everywhere. */
final class PlainLinearLayers extends LinearLayers {
    PlainLinearLayers(Script script, ScriptTensors tensors) {
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
