package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;
import java.util.Optional;

/**
 * Weights as oneDNN's products for x86 processors want them, rearranged once when the archive is loaded; activations and sums are
 * computed with the product.
 */
final class PackedLinearLayers extends LinearLayers {
    private static final String POINTWISE = "ops.mkldnn._linear_pointwise";
    private static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

    PackedLinearLayers(ForwardScript script, ScriptTensors tensors) {
        super(script, tensors);
    }

    @Override
    Value dense(Value x, Dense layer) {
        return pointwise(x, layer, "\"none\", " + NO_SCALARS + ", \"\"");
    }

    @Override
    Value dense(Value x, Dense layer, Activation activation) {
        Optional<String> fused = epilogue(activation);
        return fused.isPresent() ? pointwise(x, layer, fused.get()) : super.dense(x, layer, activation);
    }

    private Value pointwise(Value x, Dense layer, String attribute) {
        return script.let(
                POINTWISE + "(%s, %s, %s, %s)", x, tensors.packedWeight(layer), tensors.bias(layer), attribute);
    }

    /** The activation as an epilogue, which oneDNN computes together with a product; empty where it cannot. */
    private static Optional<String> epilogue(Activation activation) {
        return switch (activation) {
            case GELU -> Optional.of("\"gelu\", " + NO_SCALARS + ", \"none\"");
            case GELU_TANH -> Optional.of("\"gelu\", " + NO_SCALARS + ", \"tanh\"");
            case RELU -> Optional.of("\"relu\", " + NO_SCALARS + ", \"\"");
            default -> Optional.empty();
        };
    }

    /** Two products, each with what follows it. */
    @Override
    Value gated(Value x, Dense both, Activation activation) {
        Optional<String> fused = epilogue(activation);
        if (fused.isEmpty()) {
            return super.gated(x, both, activation);
        }
        List<Value> weights = tensors.packedHalves(both);
        String rows = "torch.slice(%s, 0, %d, %d, 1)";
        long half = both.out() / 2;
        Object bias = tensors.bias(both);
        Value active = script.let(
                POINTWISE + "(%s, %s, %s, %s)",
                x,
                weights.get(0),
                both.biased() ? rows.formatted(bias, 0, half) : bias,
                fused.get());
        return script.let(
                POINTWISE + "(%s, %s, %s, %s, \"mul\")",
                x,
                active,
                weights.get(1),
                both.biased() ? rows.formatted(bias, half, both.out()) : bias);
    }

    @Override
    Value denseOnto(Value residual, Value x, Dense layer, double dropout) {
        return script.let(
                POINTWISE + "(%s, %s, %s, %s, \"add\")", x, residual, tensors.packedWeight(layer), tensors.bias(layer));
    }

    @Override
    Value weightAsItIs(Dense layer) {
        return tensors.packedWeight(layer);
    }
}
