package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/**
 * Products of whole numbers of 8 bits, in oneDNN's order. Each token has a scale of its own, 1/127 of its largest number, so that its
 * answer does not depend on what else is in the batch; sums are exact in int32.
 *
 * <p>Trained models have a few numbers that are far larger than all others, beside which these would vanish. So both sides of a product
 * are turned first by the same orthogonal matrix, which leaves the product as it is and shares out what is large (Ashkboos et al.,
 * QuaRot, 2024): a Hadamard matrix, for {@value #MOST_TURNED} numbers at a time, which costs little.
 */
final class Int8LinearLayers extends LinearLayers {
    /** Of a layer that widens, where that is little beside the product. */
    private static final int MOST_TURNED = 32;
    /** Of other layers. */
    private static final int TURNED = 16;

    private static final String LARGEST =
            "torch.maximum(torch.amax(%1$s, [-1], True), torch.neg(torch.amin(%1$s, [-1], True)))";
    private static final String SCALE = "torch.div(torch.clamp_min(" + LARGEST + ", 1.0E-30), 127)";
    /** oneDNN is fast where the left side has no sign. */
    private static final String ROUNDED = "torch.add_(torch.to(torch.to(torch.round_(torch.div(%s, %s)), 1), 0), 128)";

    private static final String PRODUCT =
            "ops.onednn.qlinear_pointwise(%s, 1., 128, %s, %s, %s, None, 1., 0, 6, \"none\","
                    + " annotate(List[Optional[number]], []), \"\")";

    Int8LinearLayers(ForwardScript script, ScriptTensors tensors) {
        super(script, tensors);
    }

    @Override
    Value dense(Value x, Dense layer) {
        int turned = Math.toIntExact(
                Math.min(layer.out() > layer.in() ? MOST_TURNED : TURNED, Long.lowestOneBit(layer.in())));
        Value even = script.once(
                List.of("turned", x, turned),
                () -> script.let(
                        "torch.view_as(%s, %s)", ScriptTensors.turned(x, tensors.hadamard(turned), turned), x));
        Value scale = script.once(List.of("scales", even), () -> script.let(SCALE, even));
        Value rounded = script.once(List.of("rounded", even), () -> script.let(ROUNDED, even, scale));
        ScriptTensors.Int8Weight weight = tensors.int8Weight(layer, turned);
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
        return tensors.weightToReplace(layer);
    }
}
