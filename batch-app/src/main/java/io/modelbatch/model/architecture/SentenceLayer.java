package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import java.util.Optional;

/** A module of sentence-transformers that follows the pooling. */
public sealed interface SentenceLayer permits SentenceLayer.Normalize, SentenceLayer.Dense {
    /** Moves the point to a distance of 1 from the origin. */
    record Normalize() implements SentenceLayer {}

    /**
     * A dense layer with an activation.
     *
     * @param folder the module's folder, with which the names of its tensors begin: {@code 2_Dense}
     * @param in numbers that it takes
     * @param out numbers that it gives
     * @param biased true if it has a bias
     * @param residual whether what it takes is added to what it gives, after a product of its own where the sizes differ
     * @param activation PyTorch's class, such as {@code torch.nn.modules.activation.Tanh}
     */
    record Dense(String folder, int in, int out, boolean biased, boolean residual, String activation)
            implements SentenceLayer {
        /** True when an activation is computed here. */
        public static boolean computes(String activation) {
            return function(activation).isPresent();
        }

        static Optional<Activation> function(String activation) {
            return activation.startsWith("torch.nn.")
                    ? Activation.ofTorch(activation.substring(activation.lastIndexOf('.') + 1))
                    : Optional.empty();
        }
    }
}
