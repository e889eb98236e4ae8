package io.modelbatch.model.tensor;

import io.modelbatch.base.DisplayPath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A tensor in a safetensors file. It is read in pieces rather than mapped: a file that shrinks under a mapping ends the
 * JVM, here it is an error.
 *
 * @param type the type's name in the header; refused only when the tensor is read
 * @param offset its first byte in the file
 */
public record StoredTensor(DisplayPath file, String name, String type, List<Long> shape, long offset)
        implements Tensor {
    private static final int PIECE = 1 << 18;

    /** The same numbers under another name. */
    public StoredTensor named(String other) {
        return new StoredTensor(file, other, type, shape, offset);
    }

    /** The type, when it is one that can be read. */
    public Dtype dtype() {
        for (Dtype known : Dtype.values()) {
            if (known.safetensorsName().equals(type)) {
                return known;
            }
        }
        throw new ModelException(file + ": tensor " + name + " is stored as " + type
                + "; supported are F32, F16 and BF16. Save the model again in one of them");
    }

    @Override
    public void read(Consumer consumer) throws IOException {
        Dtype dtype = dtype();
        ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[PIECE / dtype.bytes()];
        try (FileChannel channel = FileChannel.open(file.path())) {
            long left = elements();
            for (long position = offset; left > 0; position += bytes.limit()) {
                int count = (int) Math.min(left, values.length);
                fill(channel, bytes.clear().limit(count * dtype.bytes()), position);
                for (int i = 0; i < count; i++) {
                    values[i] = dtype.decode(bytes);
                    if (!Float.isFinite(values[i])) {
                        throw new ModelException(file + ": tensor " + name + " holds " + values[i]
                                + ", so every answer would be meaningless: the training that made it diverged");
                    }
                }
                consumer.accept(values, count);
                left -= count;
            }
        }
    }

    private void fill(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
        }
        bytes.flip();
    }
}
