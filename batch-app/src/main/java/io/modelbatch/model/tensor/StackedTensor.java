package io.modelbatch.model.tensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Several tensors, one after the other. */
record StackedTensor(String name, List<Tensor> parts) implements Tensor {
    @Override
    public List<Long> shape() {
        List<Long> shape = new ArrayList<>(parts.get(0).shape());
        shape.set(0, parts.stream().mapToLong(part -> part.shape().get(0)).sum());
        return shape;
    }

    @Override
    public void read(Consumer consumer) throws IOException {
        for (Tensor part : parts) {
            part.read(consumer);
        }
    }
}
