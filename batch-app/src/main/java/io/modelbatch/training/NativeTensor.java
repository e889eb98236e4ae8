package io.modelbatch.training;

import ai.djl.ndarray.NDArray;
import io.modelbatch.model.tensor.Tensor;
import java.util.stream.LongStream;

/** An array of the engine as a tensor of a model. */
final class NativeTensor {
    private NativeTensor() {}

    /** Reads the array each time that the tensor is read. */
    static Tensor of(String name, NDArray array) {
        return Tensor.of(
                name, LongStream.of(array.getShape().getShape()).boxed().toList(), array::toFloatArray);
    }
}
