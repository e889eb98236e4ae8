package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;
import java.util.List;

/**
 * Products of whole numbers of 8 bits, in oneDNN's order. Each token has a scale of its own, 1/127 of its largest number, so that its
 * answer does not depend on what else is in the batch; sums are exact in int32. oneDNN is fast where the left side has no sign, so 128
 * is added to it, which the operator takes away again.
 */
final class Int8Products extends Products {
    private static final String LARGEST =
            "torch.maximum(torch.amax(%1$s, [-1], True), torch.neg(torch.amin(%1$s, [-1], True)))";
    private static final String SCALE = "torch.div(torch.clamp_min(" + LARGEST + ", 1.0E-30), 127)";
    private static final String ROUNDED = "torch.add_(torch.to(torch.to(torch.round_(torch.div(%s, %s)), 1), 0), 128)";
    private static final String PRODUCT =
            "ops.onednn.qlinear_pointwise(%s, 1., 128, %s, %s, %s, None, 1., 0, 6, \"none\","
                    + " annotate(List[Optional[number]], []), \"\")";

    Int8Products(Script script, ScriptTensors tensors) {
        super(script, tensors);
    }

    @Override
    Value dense(Value x, Dense layer) {
        Value scale = script.once(List.of("scales", x), () -> script.let(SCALE, x));
        Value rounded = script.once(List.of("rounded", x), () -> script.let(ROUNDED, x, scale));
        ScriptTensors.Int8Weight weight = tensors.int8Weight(layer);
        Value product = script.let(PRODUCT, rounded, weight.numbers(), weight.scales(), weight.zeros());
        Value scaled = script.let("torch.mul_(%s, %s)", product, scale);
        return layer.biased() ? script.let("torch.add_(%s, %s)", scaled, tensors.bias(layer)) : scaled;
    }

    @Override
    Value dense(Value x, Dense layer, Activation activation) {
        return script.let(activation.overwriting(dense(x, layer)));
    }

    @Override
    Value denseOnto(Value residual, Value x, Dense layer, double dropout) {
        return script.let("torch.add_(%s, %s)", dense(x, layer), residual);
    }

    @Override
    Value weightAsItIs(Dense layer) {
        return tensors.int8Weight(layer).numbers();
    }
}
