package io.modelbatch.step.transform;

import io.modelbatch.extension.RowSink;
import io.modelbatch.extension.TransformType.Keys;
import io.modelbatch.result.Column;
import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.step.BlockSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the rows of a block of the result, by column, and gives them keys. For one thread. */
final class ResultBuilder implements RowSink, RowSink.OutputRow {
    /** Memory that the rows of a block, and again those of a single row, may take. */
    static final long MOST_BYTES = BlockSize.MAX_TEXT_BYTES;

    private final RecordSchema schema;
    private final Keys keys;
    private final ResultColumn key;
    private final Map<String, ResultColumn> columns = new HashMap<>();
    private final List<ResultColumn> inOrder = new ArrayList<>();
    private Object current = "";
    private int before;
    private int rows;
    private long bytesBefore;
    private long bytes;

    /** A row of the result that cannot be: the message says why, as the end of a sentence about the row that it was made of. */
    static final class RefusedException extends IllegalArgumentException {
        RefusedException(String message) {
            super(message);
        }
    }

    ResultBuilder(RecordSchema schema, Keys keys) {
        this.schema = schema;
        this.keys = keys;
        this.key = new ResultColumn(schema.fields().get(0));
        for (Field field : schema.fields().subList(1, schema.fields().size())) {
            ResultColumn column = new ResultColumn(field);
            columns.put(field.name(), column);
            inOrder.add(column);
        }
    }

    /** The name of the column of the keys. */
    String keyName() {
        return key.name();
    }

    /** The next rows are made of the row with that key. */
    void begin(Object rowKey) {
        current = rowKey;
        before = rows;
        bytesBefore = bytes;
    }

    /** All rows that it becomes are there. */
    void end() {
        complete();
    }

    /** None of them is wanted. */
    void drop() {
        rows = before;
        bytes = bytesBefore;
        key.truncate(rows);
        inOrder.forEach(column -> column.truncate(rows));
    }

    /** True when the rows so far are enough for a block. */
    boolean isFull() {
        return bytes >= MOST_BYTES;
    }

    @Override
    public RowSink.OutputRow add() {
        complete();
        int number = rows - before;
        if (keys == Keys.KEPT && number > 0) {
            throw new RefusedException(
                    "it becomes more than one row, and each needs a key of its own; the type must have Keys.NUMBERED");
        }
        add(key, keys == Keys.KEPT ? current : current + "#" + number);
        inOrder.forEach(column -> add(column, null));
        rows++;
        return this;
    }

    @Override
    public RowSink.OutputRow set(String column, @Nullable Object value) {
        ResultColumn known = columns.get(column);
        if (known == null) {
            throw new RefusedException("the transform sets a column '" + column
                    + "', which its type does not declare; it declares "
                    + String.join(", ", inOrder.stream().map(ResultColumn::name).toList()));
        }
        if (rows == before) {
            throw new RefusedException("the transform sets '" + column + "' before it adds a row");
        }
        count(known.set(value));
        return this;
    }

    private void add(ResultColumn column, @Nullable Object value) {
        count(column.add(value));
    }

    private void count(long more) {
        bytes += more;
        if (bytes - bytesBefore > MOST_BYTES) {
            throw new RefusedException(
                    "it becomes rows of more than " + (MOST_BYTES >> 20)
                            + " MiB, and all rows that a row becomes must fit into memory; divide it in the query, or reject it");
        }
    }

    /** The last row has a value wherever there must be one. */
    private void complete() {
        if (rows > before) {
            inOrder.forEach(ResultColumn::requireLast);
        }
    }

    /** The rows so far; the next block begins. */
    RecordBlock build() {
        List<Column> built = new ArrayList<>();
        built.add(key.build());
        inOrder.forEach(column -> built.add(column.build()));
        rows = 0;
        bytes = 0;
        return new RecordBlock(schema, built);
    }
}
