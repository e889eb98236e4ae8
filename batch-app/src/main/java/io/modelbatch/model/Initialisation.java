package io.modelbatch.model;

import java.util.List;
import java.util.Random;

/** Numbers for layers that a base model does not have. */
final class Initialisation {
    private Initialisation() {}

    /** Biases are zero; weights come from N(0, deviation), from a stream of their own by seed and name. */
    static Tensor normal(String name, List<Long> shape, double deviation, long seed) {
        return Tensor.of(name, shape, () -> {
            float[] values = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
            // Random, not SplittableRandom: its Gaussians are specified to the bit on every platform.
            Random random = new Random(seed * 31 + name.hashCode());
            for (int i = 0; i < values.length && !name.endsWith(".bias"); i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
            return values;
        });
    }
}
