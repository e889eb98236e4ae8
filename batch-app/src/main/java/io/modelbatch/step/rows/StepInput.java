package io.modelbatch.step.rows;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.InputRows;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;

/**
 * The rows that a step works on, as its manager commits them for the partitions: a pinned query, or the result of an earlier step of the run. A
 * partition reads the rows of the partition with its number.
 *
 * @param pinned the pinned query; null for a result
 * @param result the result; null for a pinned query
 */
public record StepInput(
        @Nullable PinnedInput pinned, @Nullable Result result) {
    /**
     * The result of an earlier step.
     *
     * @param step its name
     * @param folder its folder
     * @param schema its columns, the first of which is the key
     * @param rows rows of each partition
     * @param fingerprint changes with the rows
     */
    public record Result(String step, String folder, RecordSchema schema, List<Long> rows, String fingerprint) {}

    private Result theResult() {
        return Objects.requireNonNull(result);
    }

    /** The name and type of the key. */
    public RecordSchema.Field key() {
        return pinned == null
                ? theResult().schema().fields().get(0)
                : new RecordSchema.Field(pinned.key(), FieldType.of(pinned.keyType()));
    }

    /** Rows of each partition. */
    public List<Long> rows() {
        return pinned == null ? theResult().rows() : pinned.rows();
    }

    /** Rows of all partitions. */
    public long totalRows() {
        return rows().stream().mapToLong(Long::longValue).sum();
    }

    /** Changes with the rows. */
    public String fingerprint() {
        return pinned == null ? theResult().fingerprint() : pinned.fingerprint();
    }

    /**
     * Opens a partition.
     *
     * @param reader the execution of the step, or of one of its partitions
     * @param columns the columns wanted beside the key
     * @param from where an earlier reader of the partition, with the same columns, stood
     * @throws WarehouseException when the rows are gone or damaged, or lack a column
     */
    public RowReader read(
            RowServices services, StepExecution reader, int partition, List<String> columns, ReadPosition from) {
        Warehouse warehouse =
                services.warehouse().stoppedBy(services.kit().run(reader).stop()::requested);
        return pinned == null
                ? ResultRows.open(services, reader, theResult(), partition, columns, from.rows())
                : warehouse.read(pinned, partition, columns, from);
    }

    /** The first rows, at most so many; empty when there are none. */
    public Optional<RowBlock> first(RowServices services, StepExecution reader, List<String> columns, int most) {
        if (pinned != null) {
            return InputRows.first(
                    services.warehouse().stoppedBy(services.kit().run(reader).stop()::requested),
                    pinned,
                    columns,
                    most);
        }
        for (int partition = 0; partition < rows().size(); partition++) {
            if (rows().get(partition) > 0) {
                try (RowReader open = read(services, reader, partition, columns, ReadPosition.BEGINNING)) {
                    return open.read(most, BlockSize.MAX_TEXT_BYTES);
                }
            }
        }
        return Optional.empty();
    }
}
