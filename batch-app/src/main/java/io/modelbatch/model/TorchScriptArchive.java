package io.modelbatch.model;

import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.model.tensor.TensorBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes what {@code torch.jit.load} reads: a zip of a pickled module, its source, and one raw storage per tensor. Weights
 * stream through; none is held whole.
 */
public final class TorchScriptArchive {
    private static final String TOP = "model/";
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private TorchScriptArchive() {}

    /**
     * Writes a new file; the same module gives the same bytes.
     *
     * @throws ModelException when a tensor has not as many values as its shape says, or one that its type cannot hold
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static void write(Path file, ScriptModule module) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16))) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "data.pkl", Pickle.module(module));
            put(
                    zip,
                    "code/__torch__/" + ScriptModule.SOURCE_NAME + ".py",
                    module.source().getBytes(StandardCharsets.UTF_8));
            put(zip, "constants.pkl", Pickle.emptyTuple());
            for (int i = 0; i < module.tensors().size(); i++) {
                put(zip, "data/" + i, module.tensors().get(i), module.dtype());
            }
            put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
            put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        begin(zip, name, content.length, crc);
        zip.write(content);
        zip.closeEntry();
    }

    /** Reads the tensor twice: a stored record carries its checksum before its bytes. */
    private static void put(ZipOutputStream zip, String name, Tensor tensor, Dtype dtype) throws IOException {
        CRC32 crc = new CRC32();
        TensorBytes.write(tensor, dtype, crc::update);
        begin(zip, name, TensorBytes.length(tensor, dtype), crc);
        TensorBytes.write(tensor, dtype, (ByteBuffer bytes) -> zip.write(bytes.array(), 0, bytes.limit()));
        zip.closeEntry();
    }

    private static void begin(ZipOutputStream zip, String name, long length, CRC32 crc) throws IOException {
        ZipEntry entry = new ZipEntry(TOP + name);
        entry.setTimeLocal(EPOCH);
        entry.setSize(length);
        entry.setCompressedSize(length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
    }
}
