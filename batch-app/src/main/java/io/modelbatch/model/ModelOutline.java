package io.modelbatch.model;

import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model of a bucket without its weights: small files are whole, and a file of weights has its header alone, but the original's length,
 * so that everything but the numbers can be verified. What lies behind the header takes no room on the disk.
 */
final class ModelOutline {
    /** Of most models; a longer one costs a second request. */
    private static final int USUAL_HEADER = 1 << 18;

    private ModelOutline() {}

    static void write(Map<String, StoredObject> files, ObjectStore store, Path folder) throws IOException {
        Map<String, StoredObject> belonging = new TreeMap<>(files);
        belonging.keySet().retainAll(ModelFiles.belonging(files.keySet()));
        for (Map.Entry<String, StoredObject> file : belonging.entrySet()) {
            Path copy = folder.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            if (file.getKey().endsWith(".safetensors")) {
                writeHeader(file.getValue(), store, copy);
            } else {
                store.download(file.getValue().uri(), copy);
            }
        }
    }

    private static void writeHeader(StoredObject object, ObjectStore store, Path copy) throws IOException {
        byte[] beginning = store.beginning(object.uri(), USUAL_HEADER);
        if (beginning.length == USUAL_HEADER) {
            long end = Long.BYTES
                    + ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (end > USUAL_HEADER && end <= Long.BYTES + Safetensors.LONGEST_HEADER) {
                beginning = store.beginning(object.uri(), (int) end);
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.write(beginning);
            file.setLength(object.bytes());
        }
    }
}
