package io.modelbatch.model.script;

import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.ModelException;

/** The purpose of an archive. Weights of another type are converted; what it answers is float32 always. */
public sealed interface ArchiveVariant permits ArchiveVariant.Inference, ArchiveVariant.Training {
    /** The type of what goes into products and comes out of them. */
    Dtype compute();

    /** Answers: no gradients, and weights arranged for speed. */
    record Inference(Precision precision, Layout layout) implements ArchiveVariant {
        /** Refuses int8 without an arrangement: products of plain weights know nothing of scales. */
        public Inference {
            if (precision == Precision.INT8 && layout == Layout.PLAIN) {
                throw new IllegalArgumentException("int8 weights have to be packed");
            }
        }

        @Override
        public Dtype compute() {
            return precision.dtype();
        }
    }

    /** The layout of the weights in an archive for inference. */
    enum Layout {
        /** Row by row; runs everywhere. */
        PLAIN,
        /** As oneDNN's products for x86 processors want them, rearranged once when the archive is loaded. */
        PACKED
    }

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
