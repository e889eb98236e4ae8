package io.modelbatch.model;

import io.modelbatch.model.script.Parameter;
import io.modelbatch.model.tensor.Tensor;
import java.util.Random;

/** Numbers for layers that a base model does not have. */
final class Initialisation {
    private Initialisation() {}

    /**
     * Biases are zero, scales one; weights come from N(0, deviation), from a stream of their own by seed and name.
     */
    static Tensor of(Parameter parameter, double deviation, long seed) {
        return Tensor.of(
                parameter.name(),
                parameter.shape(),
                () -> values(
                        parameter,
                        deviation,
                        new Random(seed * 31 + parameter.name().hashCode())));
    }

    /** Random, not SplittableRandom: its Gaussians are specified to the bit on every platform. */
    private static float[] values(Parameter parameter, double deviation, Random random) {
        float[] values = new float[Math.toIntExact(parameter.shape().stream().reduce(1L, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (parameter.role()) {
                case WEIGHT -> (float) (random.nextGaussian() * deviation);
                case BIAS -> 0;
                case SCALE -> 1;
            };
        }
        return values;
    }
}
