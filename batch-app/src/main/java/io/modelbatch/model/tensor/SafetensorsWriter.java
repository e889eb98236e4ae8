package io.modelbatch.model.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes float32 safetensors, byte for byte as the reference implementation does. */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes a new file, tensors ordered by name.
     *
     * @throws ModelException when a name occurs twice, or a tensor has not as many values as its shape says
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static void write(Path file, Collection<Tensor> tensors) throws IOException {
        List<Tensor> sorted =
                tensors.stream().sorted(Comparator.comparing(Tensor::name)).toList();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, header(sorted));
            for (Tensor tensor : sorted) {
                TensorBytes.write(tensor, Dtype.FLOAT32, bytes -> writeFully(channel, bytes));
            }
            channel.force(true);
        }
    }

    private static ByteBuffer header(List<Tensor> tensors) {
        ObjectNode header = Json.MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long position = 0;
        for (Tensor tensor : tensors) {
            if (header.has(tensor.name())) {
                throw new ModelException("Two tensors are named " + tensor.name());
            }
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", Dtype.FLOAT32.safetensorsName());
            tensor.shape().forEach(entry.putArray("shape")::add);
            long end = position + TensorBytes.length(tensor, Dtype.FLOAT32);
            entry.putArray("data_offsets").add(position).add(end);
            position = end;
        }
        return padded(Json.MAPPER.writeValueAsBytes(header));
    }

    /** Spaces after the JSON align the data to eight bytes. */
    private static ByteBuffer padded(byte[] json) {
        int length = (json.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
