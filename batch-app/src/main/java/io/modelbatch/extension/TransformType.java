package io.modelbatch.extension;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.warehouse.ExtractOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A type of step that makes zero, one or many rows of each row: those of the nearest {@code extract}, {@code infer} or transform before
 * it. Partitions, blocks, shards, rejects, manifest and restarts are those of {@code infer}; a type says the options, the columns and
 * what is done with a row.
 *
 * @param <O> the options, one of which is a {@link io.modelbatch.result.ResultOptions}
 */
public interface TransformType<O extends Record> extends ResultStepType<O> {
    /** The keys of the rows that a row becomes. Both ways keep them unique. */
    enum Keys {
        /** The key of the row. It may become one row at most. */
        KEPT,
        /** The key of the row, {@code #} and a number from 0, as text: {@code 17#0}, {@code 17#1}. It may become any number of rows. */
        NUMBERED
    }

    /** The keys of the result. */
    Keys keys();

    /** The columns of the result, beside the key, whose name stays. */
    List<Field> columns(O options);

    /**
     * The work on the rows of one partition, which one thread does at a time. Rows must become the same again: after a crash the last
     * block is repeated. One that is {@code AutoCloseable} is closed at the end of the partition.
     */
    RowTransform transform(O options);

    /** All columns of the result. */
    default RecordSchema schema(O options, Field key) {
        List<Field> fields = new ArrayList<>();
        fields.add(keys() == Keys.KEPT ? key : new Field(key.name(), FieldType.STRING));
        fields.addAll(columns(options));
        return new RecordSchema(fields);
    }

    @Override
    default List<String> resultColumns(O options) {
        return columns(options).stream().map(Field::name).toList();
    }

    @Override
    default List<StepResult> results() {
        return List.of(
                StepResult.ofOption("uri", "to", "folder of the result"),
                new StepResult("rows", "rows of the result"),
                new StepResult("rejected", "rows that were set aside"));
    }

    @Override
    default Optional<String> needs() {
        return Optional.of("extract");
    }

    @Override
    default boolean takesRowsOf(StepType<?> earlier) {
        return earlier.options() == ExtractOptions.class || earlier instanceof ResultStepType<?>;
    }

    @Override
    default StepFactory<O> factory(StepServices services) {
        return services.get(TransformFactories.class).of(this);
    }
}
