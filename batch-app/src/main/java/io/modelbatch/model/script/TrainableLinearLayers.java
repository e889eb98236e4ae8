package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;
import io.modelbatch.model.tensor.Dtype;

/** Weights that learn: they are float32, and converted for each product of another type, as automatic mixed precision does it. */
final class TrainableLinearLayers extends LinearLayers {
    TrainableLinearLayers(ForwardScript script, ScriptTensors tensors) {
        super(script, tensors);
    }

    @Override
    Value dense(Value x, Dense layer) {
        return script.let("torch.linear(%s, %s, %s)", cast(x), cast(tensors.weight(layer)), cast(tensors.bias(layer)));
    }

    private Object cast(Object value) {
        return script.compute() == Dtype.FLOAT32 || value.equals(ScriptTensors.NONE)
                ? value
                : "torch.to(" + value + ", " + script.computeCode() + ")";
    }

    @Override
    Value weightAsItIs(Dense layer) {
        return tensors.weight(layer);
    }
}
