package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import io.modelbatch.model.tensor.Dtype;

/**
 * Rotary position embeddings (Su et al., 2021): each pair of a head's numbers is turned by an angle that grows with the position, so
 * that products depend on distances. A pair is a number of the first half and one of the second.
 *
 * @param base theta, of which the angles' speeds are powers
 * @param each numbers per head, even
 */
record RotaryPositions(double base, long each) {
    /**
     * Turns queries and keys, in float32 as transformers does.
     *
     * @param x {@code [rows, width, parts, heads, each]}
     */
    Value write(ForwardScript script, Value x) {
        Value swapped = script.let(
                "torch.cat([torch.slice(%1$s, -1, %2$d, %3$d, 1), torch.slice(%1$s, -1, 0, %2$d, 1)], -1)",
                x, each / 2, each);
        Value turned = script.let(
                "torch.addcmul(torch.mul(%s, %s), %s, %s)", x, cosines(script), swapped, signedSines(script));
        return script.compute() == Dtype.FLOAT32
                ? turned
                : script.let("torch.to(%s, %d)", turned, script.computeCode());
    }

    private Value cosines(ForwardScript script) {
        return script.once(
                "cosines " + base, () -> script.let("torch.cos(torch.cat([%1$s, %1$s], -1))", angles(script)));
    }

    /** A number of the first half loses what its partner gives it; the partner gains. */
    private Value signedSines(ForwardScript script) {
        return script.once("sines " + base, () -> {
            Value sines = script.let("torch.sin(%s)", angles(script));
            return script.let("torch.cat([torch.neg(%1$s), %1$s], -1)", sines);
        });
    }

    /** {@code [width, 1, 1, each / 2]}. */
    private Value angles(ForwardScript script) {
        return script.once("angles " + base, () -> {
            String range = "torch.arange(%s, dtype=6, layout=None, device=ops.prim.device(%s), pin_memory=False)";
            Value pairs = script.let("torch.div(torch.mul(" + range + ", 2), %d)", each / 2, script.ids(), each);
            Value speeds = script.let("torch.reciprocal(torch.pow(%s, %s))", base, pairs);
            Value places = script.let(range, script.width(), script.ids());
            return script.let("torch.mul(torch.view(%s, [-1, 1, 1, 1]), %s)", places, speeds);
        });
    }
}
