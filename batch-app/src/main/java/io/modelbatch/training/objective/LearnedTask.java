package io.modelbatch.training.objective;

/** The tasks that can be trained, by the names of job files. */
public enum LearnedTask {
    TEXT_CLASSIFICATION;

    /** The objective of the task. */
    public Objective<?> objective(DataOptions data) {
        return switch (this) {
            case TEXT_CLASSIFICATION -> new TextClassificationObjective(data);
        };
    }
}
