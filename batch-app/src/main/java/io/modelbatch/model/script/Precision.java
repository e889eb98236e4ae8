package io.modelbatch.model.script;

import io.modelbatch.model.tensor.Dtype;
import java.util.Locale;

/** The numbers that a model's products are computed with. */
public enum Precision {
    FLOAT32(Dtype.FLOAT32),
    BFLOAT16(Dtype.BFLOAT16),
    FLOAT16(Dtype.FLOAT16),
    /**
     * Products of encoder layers in whole numbers of 8 bits, on processors that have them: each output's weights share a scale, and so
     * do the numbers of each token. What lies between is float32.
     */
    INT8(Dtype.FLOAT32);

    private final Dtype dtype;

    Precision(Dtype dtype) {
        this.dtype = dtype;
    }

    /** The type of what goes into products and comes out of them, and of the weights in an archive. */
    public Dtype dtype() {
        return dtype;
    }

    /** The name as job files spell it: {@code float32}, {@code bfloat16}, {@code float16}, {@code int8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
