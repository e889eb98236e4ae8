package io.modelbatch.model.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor as little-endian bytes of a type, in pieces. Refuses numbers that are none, or that the type cannot hold. */
public final class TensorBytes {
    private static final int PIECE = 1 << 16;

    private final Tensor tensor;
    private final Dtype dtype;
    private final Sink sink;
    private final ByteBuffer piece;
    private long written;

    /** Takes the next bytes. */
    @FunctionalInterface
    public interface Sink {
        void accept(ByteBuffer bytes) throws IOException;
    }

    private TensorBytes(Tensor tensor, Dtype dtype, Sink sink) {
        this.tensor = tensor;
        this.dtype = dtype;
        this.sink = sink;
        this.piece = ByteBuffer.allocate(PIECE * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Length in bytes of what {@link #write} gives. */
    public static long length(Tensor tensor, Dtype dtype) {
        return Math.multiplyExact(tensor.elements(), (long) dtype.bytes());
    }

    /**
     * Gives all bytes to the sink.
     *
     * @throws ModelException when there are not as many values as the shape says: a loader would read what lies beside
     */
    public static void write(Tensor tensor, Dtype dtype, Sink sink) throws IOException {
        TensorBytes bytes = new TensorBytes(tensor, dtype, sink);
        tensor.read(bytes::add);
        if (bytes.written != tensor.elements()) {
            throw new ModelException("Tensor " + tensor.name() + " gave " + bytes.written + " values, its shape "
                    + tensor.shape() + " says " + tensor.elements());
        }
    }

    private void add(float[] values, int count) throws IOException {
        for (int from = 0; from < count; from += PIECE) {
            int until = Math.min(count, from + PIECE);
            piece.clear();
            for (int i = from; i < until; i++) {
                check(values[i]);
                dtype.encode(values[i], piece);
            }
            sink.accept(piece.flip());
            written += until - from;
        }
    }

    private void check(float value) {
        if (!Float.isFinite(value)) {
            throw new ModelException("Tensor " + tensor.name() + " holds " + value
                    + ", so every answer would be meaningless: the training that made it diverged");
        }
        if (!dtype.holds(value)) {
            throw new ModelException("Tensor " + tensor.name() + " holds " + value + ", too large for " + dtype
                    + "; use dtype float32 or bfloat16");
        }
    }
}
