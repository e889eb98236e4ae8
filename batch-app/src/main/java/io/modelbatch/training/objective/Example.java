package io.modelbatch.training.objective;

/** A row as a model learns from it: token ids, and what is to be answered. */
public interface Example {
    /** Everything that the loss reads of it, as text. A checkpoint can only be resumed with the same examples. */
    String content();
}
