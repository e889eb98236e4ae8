package io.modelbatch.training;

import ai.djl.ndarray.NDArray;
import io.modelbatch.model.Tensor;
import java.util.stream.LongStream;

/** Arrays of the engine as tensors of a model. */
final class Arrays {
    private Arrays() {}

    /** Reads the array each time that the tensor is read. */
    static Tensor tensor(String name, NDArray array) {
        return Tensor.of(
                name, LongStream.of(array.getShape().getShape()).boxed().toList(), array::toFloatArray);
    }
}
