package io.modelbatch.extension;

import io.modelbatch.warehouse.ExtractOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A type of step in job files. It describes itself without any service, so that job files can be read, completed and checked without
 * a job repository; {@link #factory} makes what needs services.
 *
 * <p>A jar names its implementations in {@code META-INF/services/io.modelbatch.extension.StepType}. Each has a public constructor without
 * parameters.
 *
 * @param <O> the options. The components of the record are the keys of the step; the annotations of {@code jakarta.validation.constraints}
 *     limit their values, and {@code JsonProperty} and {@code JsonPropertyDescription} say what is required, what is the default and what
 *     a key means. The components of a record within it that is {@code JsonUnwrapped} are keys of the step, too
 */
public interface StepType<O extends Record> {
    /** The key of such a step in a job file: a-z, 0-9 and -, beginning with a letter. */
    String key();

    /** The class of the options. */
    Class<O> options();

    /** The result of such a step in a few words, for messages, {@code schema} and editors: {@code the rows of a query}. */
    String description();

    /** The key of the type of which a step must come before; empty where none is needed. */
    default Optional<String> needs() {
        return Optional.empty();
    }

    /**
     * True when such a step works on the rows of a step of that type. It takes those of the nearest one before it: of an {@code extract},
     * unless its type says otherwise.
     */
    default boolean takesRowsOf(StepType<?> earlier) {
        return earlier.options() == ExtractOptions.class;
    }

    /** The keys of options that are SQL. In these a parameter is never replaced as text. */
    default Set<String> queries() {
        return Set.of();
    }

    /** The addresses of folders and objects that such a step writes: {@code gs://bucket/folder}. A later step may read them. */
    default List<String> writes(O options) {
        return List.of();
    }

    /**
     * The columns that such a step reads of the rows that it {@linkplain #takesRowsOf takes}. A query whose result lacks one of them is
     * refused before it runs, and {@code check} says so.
     */
    default List<ColumnUse> reads(O options) {
        return List.of();
    }

    /** The values that a complete step leaves for the texts of later steps. Its facts must have them. */
    default List<StepResult> results() {
        return List.of();
    }

    /**
     * The keys of options that must be known when a run begins, and so refer to no result of an earlier step. Those are what a run claims
     * before its first step, and what {@code check} compares. What a step {@linkplain #writes writes} or {@linkplain #reads reads} is
     * always among them.
     */
    default Set<String> knownAtStart() {
        return Set.of();
    }

    /**
     * The problems of a step that the annotations of its options cannot express. Called when a job file is read, with texts in which
     * parameters may not be replaced yet, and called again with their values. A text with a result of an earlier step is replaced last,
     * when the step begins.
     */
    default List<StepProblem> problems(StepDraft<O> draft) {
        return List.of();
    }

    /** Makes the steps as Spring Batch runs them. Called once in a process that checks or runs any job. */
    StepFactory<O> factory(StepServices services);
}
