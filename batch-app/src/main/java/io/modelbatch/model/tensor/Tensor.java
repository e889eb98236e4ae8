package io.modelbatch.model.tensor;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** A named tensor whose values can be read, in row-major order, as often as wanted. */
public interface Tensor {
    /** Its name, as Hugging Face has it. */
    String name();

    /** Its dimensions; empty for a scalar. */
    List<Long> shape();

    /**
     * Reads all values in order, in pieces, so that a large tensor is never held whole.
     *
     * @throws ModelException when the stored type is none that can be read
     */
    void read(Consumer consumer) throws IOException;

    /** Takes the next values of a tensor. */
    @FunctionalInterface
    interface Consumer {
        /** The first {@code count} of {@code values} are the next ones; the array is reused afterwards. */
        void accept(float[] values, int count) throws IOException;
    }

    /** Number of values. */
    default long elements() {
        return shape().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** All values at once. */
    default float[] values() throws IOException {
        float[] all = new float[Math.toIntExact(elements())];
        int[] position = {0};
        read((values, count) -> {
            System.arraycopy(values, 0, all, position[0], count);
            position[0] += count;
        });
        return all;
    }

    /** A tensor of values that are at hand, or are fetched (from a device, for one) whenever they are read. */
    static Tensor of(String name, List<Long> shape, Supplier<float[]> values) {
        return new SuppliedTensor(name, List.copyOf(shape), values);
    }

    /** Tensors stacked along their first dimension; they agree in all others. */
    static Tensor stacked(String name, List<Tensor> parts) {
        return new StackedTensor(name, List.copyOf(parts));
    }
}
