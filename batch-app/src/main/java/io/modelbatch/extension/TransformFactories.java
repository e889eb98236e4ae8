package io.modelbatch.extension;

/** Makes the factories of transforms. */
@FunctionalInterface
public interface TransformFactories {
    /** The factory of a type. */
    <O extends Record> StepFactory<O> of(TransformType<O> type);
}
