package io.modelbatch.model.tensor;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Values that memory or a device holds. */
record SuppliedTensor(String name, List<Long> shape, Supplier<float[]> source) implements Tensor {
    @Override
    public void read(Consumer consumer) throws IOException {
        float[] all = source.get();
        if (all.length != elements()) {
            throw new ModelException(
                    "Tensor " + name + " has " + all.length + " values, its shape " + shape + " says " + elements());
        }
        consumer.accept(all, all.length);
    }
}
