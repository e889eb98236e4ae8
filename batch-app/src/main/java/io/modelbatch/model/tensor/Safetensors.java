package io.modelbatch.model.tensor;

import io.modelbatch.base.DisplayPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file. It is never trusted: its header's length, the types, shapes and offsets are checked against each
 * other and against the file before anything is read. Format: https://github.com/huggingface/safetensors#format.
 *
 * @param file where it lies
 * @param tensors by name, in the order of the header; one of an unreadable type is refused when it is read
 */
public record Safetensors(DisplayPath file, Map<String, Tensor> tensors) {
    /** Room for 30,000 tensors; the largest encoders have a thousand. */
    public static final long LONGEST_HEADER = 4 << 20;

    /**
     * Reads and checks the header.
     *
     * @throws ModelException when the file is not a complete safetensors file, or contradicts itself
     */
    public static Safetensors open(Path file) throws IOException {
        return open(DisplayPath.of(file));
    }

    /** The same, of a file that has another name for its user. */
    public static Safetensors open(DisplayPath file) throws IOException {
        ModelFile.check(file);
        try (FileChannel channel = FileChannel.open(file.path())) {
            long length = headerLength(file, channel);
            ObjectNode header = Json.object(read(file, channel, 8, Math.toIntExact(length)), file);
            return new Safetensors(file, new SafetensorsHeader(file, 8 + length, channel.size()).tensors(header));
        }
    }

    private static long headerLength(DisplayPath file, FileChannel channel) throws IOException {
        if (channel.size() < 8) {
            throw damaged(file, "it has " + channel.size() + " bytes, too few for a header");
        }
        long length = ByteBuffer.wrap(read(file, channel, 0, 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 2 || length > LONGEST_HEADER) {
            throw damaged(file, "its header claims " + Long.toUnsignedString(length) + " bytes");
        }
        if (length > channel.size() - 8) {
            throw damaged(file, "its header claims " + length + " bytes, but the file has " + channel.size());
        }
        return length;
    }

    private static byte[] read(DisplayPath file, FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw damaged(file, "it became shorter while it was read");
            }
        }
        return bytes.array();
    }

    static ModelException damaged(DisplayPath file, String cause) {
        return new ModelException(file + " is not a complete safetensors file: " + cause + ". Copy it again");
    }
}
