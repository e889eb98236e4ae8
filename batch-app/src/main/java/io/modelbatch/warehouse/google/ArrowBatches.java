package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.storage.v1.ArrowRecordBatch;
import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Decodes Arrow's record batches, one at a time, in memory that is used again for the next. */
final class ArrowBatches implements AutoCloseable {
    private final BufferAllocator memory;
    private final VectorSchemaRoot root;
    private final VectorLoader loader;
    private final ArrowValues values = new ArrowValues();
    private final String key;
    private final List<String> columns;

    /**
     * Batches of a schema.
     *
     * @param memory closed with this
     */
    ArrowBatches(ArrowSchema schema, BufferAllocator memory, String key, List<String> columns) {
        this.memory = memory;
        this.key = key;
        this.columns = columns;
        this.root = VectorSchemaRoot.create(schema(schema), memory);
        this.loader = new VectorLoader(root);
    }

    private static Schema schema(ArrowSchema schema) {
        try {
            return MessageSerializer.deserializeSchema(channel(schema.getSerializedSchema()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CellRows.Portion decode(ArrowRecordBatch batch) {
        try (var message =
                MessageSerializer.deserializeRecordBatch(channel(batch.getSerializedRecordBatch()), memory)) {
            loader.load(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<@Nullable String[]> texts = new ArrayList<>();
        for (String column : columns) {
            texts.add(values.texts(root.getVector(column)));
        }
        CellRows.Portion portion = CellRows.Portion.of(values.keys(root.getVector(key)), texts);
        root.clear();
        return portion;
    }

    @Override
    public void close() {
        root.close();
        memory.close();
    }

    private static ReadChannel channel(ByteString bytes) {
        return new ReadChannel(new BytesChannel(bytes.asReadOnlyByteBuffer()));
    }

    /** Hands bytes on in one copy. */
    private record BytesChannel(ByteBuffer bytes) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) {
            int count = Math.min(bytes.remaining(), target.remaining());
            if (count == 0 && target.hasRemaining()) {
                return -1;
            }
            target.put(bytes.duplicate().limit(bytes.position() + count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
