package io.modelbatch.extension;

import io.modelbatch.result.ResultOptions;
import java.util.List;

/**
 * A type of step that makes a result of rows: shards and a manifest in a folder, which later steps load, or work on.
 *
 * @param <O> the options
 */
public interface ResultStepType<O extends Record> extends StepType<O> {
    /** The options of the result. A record of options usually has them as a component that is {@code JsonUnwrapped}. */
    ResultOptions result(O options);

    /** The names that columns of the result can have, beside that of the key. */
    List<String> resultColumns(O options);

    @Override
    default List<String> writes(O options) {
        return List.of(result(options).to());
    }
}
