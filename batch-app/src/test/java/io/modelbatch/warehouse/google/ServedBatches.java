package io.modelbatch.warehouse.google;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** Rows as serialized Arrow batches in a file, in an order that is as good as any other. */
final class ServedBatches implements AutoCloseable {
    private static final int BATCH_ROWS = 1_000;

    private final BufferAllocator allocator;
    private final List<ServedColumn> columns;
    private final Schema schema;
    private final Path file;
    private final List<Batch> batches = new ArrayList<>();
    private long rows;
    private long written;

    /** Where a batch is in the file. */
    private record Batch(long position, int bytes, int rows) {}

    /** A message of a stream. */
    record Message(ByteString bytes, int rows) {}

    private ServedBatches(BufferAllocator allocator, List<ServedColumn> columns, Path file) {
        this.allocator = allocator;
        this.columns = columns;
        this.schema = new Schema(columns.stream().map(ServedColumn::arrow).toList());
        this.file = file;
    }

    /** All rows; another turn, another order. */
    static ServedBatches write(
            BufferAllocator allocator, List<ServedColumn> columns, ResultSet found, int turn, Path file)
            throws IOException, SQLException {
        ServedBatches batches = new ServedBatches(allocator, columns, file);
        List<List<@Nullable Object>> rows = new ArrayList<>(BATCH_ROWS);
        try (VectorSchemaRoot root = VectorSchemaRoot.create(batches.schema, allocator);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            while (found.next()) {
                rows.add(ServedRows.row(found));
                if (rows.size() == BATCH_ROWS) {
                    batches.append(root, rows, turn, out);
                    rows.clear();
                }
            }
            if (!rows.isEmpty()) {
                batches.append(root, rows, turn, out);
            }
        }
        return batches;
    }

    long rows() {
        return rows;
    }

    int size() {
        return batches.size();
    }

    ByteString schema() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
        return UnsafeByteOperations.unsafeWrap(bytes.toByteArray());
    }

    int rows(int batch) {
        return batches.get(batch).rows();
    }

    /** A batch without its first rows. */
    Message read(int index, int without) throws IOException {
        Batch batch = batches.get(index);
        byte[] whole = new byte[batch.bytes()];
        try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
            from.seek(batch.position());
            from.readFully(whole);
        }
        byte[] part = without == 0 ? whole : withoutFirst(whole, without);
        return new Message(UnsafeByteOperations.unsafeWrap(part), batch.rows() - without);
    }

    private byte[] withoutFirst(byte[] batch, int rows) throws IOException {
        ReadChannel channel = new ReadChannel(new ByteArrayReadableSeekableByteChannel(batch));
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowRecordBatch whole = MessageSerializer.deserializeRecordBatch(channel, allocator)) {
            new VectorLoader(root).load(whole);
            try (VectorSchemaRoot rest = root.slice(rows, root.getRowCount() - rows)) {
                return serialized(rest);
            }
        }
    }

    private void append(VectorSchemaRoot root, List<List<@Nullable Object>> batch, int turn, OutputStream out)
            throws IOException {
        Collections.shuffle(batch, new Random(batch.size()));
        Collections.rotate(batch, turn); // so that two turns differ even where there are two rows
        root.allocateNew();
        for (int column = 0; column < columns.size(); column++) {
            for (int row = 0; row < batch.size(); row++) {
                set(root.getVector(column), row, batch.get(row).get(column), columns.get(column));
            }
        }
        root.setRowCount(batch.size());
        byte[] bytes = serialized(root);
        out.write(bytes);
        batches.add(new Batch(written, bytes.length, batch.size()));
        written += bytes.length;
        rows += batch.size();
    }

    private static byte[] serialized(VectorSchemaRoot root) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
            MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), batch);
        }
        return bytes.toByteArray();
    }

    private static void set(FieldVector vector, int at, @Nullable Object cell, ServedColumn column) {
        if (cell == null) {
            vector.setNull(at);
        } else if (vector instanceof ListVector list) {
            setList(list, at, (List<?>) cell, column);
        } else if (vector instanceof StructVector struct) {
            struct.setIndexDefined(at);
            List<?> cells = (List<?>) cell;
            for (int i = 0; i < cells.size(); i++) {
                set(
                        (FieldVector) struct.getChildByOrdinal(i),
                        at,
                        cells.get(i),
                        column.fields().get(i));
            }
        } else {
            setSimple(vector, at, cell);
        }
    }

    private static void setList(ListVector list, int at, List<?> cells, ServedColumn column) {
        int first = list.startNewValue(at);
        for (int i = 0; i < cells.size(); i++) {
            set(list.getDataVector(), first + i, cells.get(i), column);
        }
        list.endValue(at, cells.size());
    }

    private static void setSimple(FieldVector vector, int at, Object cell) {
        if (vector instanceof VarCharVector text) {
            text.setSafe(at, cell.toString().getBytes(StandardCharsets.UTF_8));
        } else if (vector instanceof VarBinaryVector bytes) {
            bytes.setSafe(at, Base64.getDecoder().decode(cell.toString().replace("\n", "")));
        } else if (vector instanceof BitVector bit) {
            bit.setSafe(at, cell.equals(true) ? 1 : 0);
        } else if (vector instanceof DecimalVector decimal) {
            decimal.setSafe(at, ((BigDecimal) cell).setScale(decimal.getScale()));
        } else if (vector instanceof Decimal256Vector decimal) {
            decimal.setSafe(at, ((BigDecimal) cell).setScale(decimal.getScale()));
        } else {
            setNumber(vector, at, (Number) cell);
        }
    }

    private static void setNumber(FieldVector vector, int at, Number number) {
        if (vector instanceof BigIntVector whole) {
            whole.setSafe(at, number.longValue());
        } else if (vector instanceof Float8Vector real) {
            real.setSafe(at, number.doubleValue());
        } else if (vector instanceof DateDayVector day) {
            day.setSafe(at, number.intValue());
        } else if (vector instanceof TimeMicroVector time) {
            time.setSafe(at, number.longValue());
        } else {
            ((TimeStampVector) vector).setSafe(at, number.longValue());
        }
    }

    /** Removes the file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
