package io.modelbatch.model;

/** What an archive is for. Weights of another type are converted; logits are float32 always. */
public sealed interface ArchiveVariant {
    /** The type that matrix products are computed in. */
    Dtype compute();

    /** Answers: no gradients, and weights arranged for speed. */
    record Inference(Dtype compute) implements ArchiveVariant {}

    /**
     * Learns: float32 weights under their Hugging Face names that require gradients, and dropout while the module's
     * {@code training} flag is set. {@code bfloat16} computes the encoder's products in that type.
     */
    record Training(Dtype compute) implements ArchiveVariant {
        /** Refuses float16, whose gradients vanish without loss scaling. */
        public Training {
            if (compute == Dtype.FLOAT16) {
                throw new ModelException("Training in float16 is not possible; use bfloat16 or float32");
            }
        }
    }
}
