package io.modelbatch.model;

/** What a model does, named as Hugging Face names it. */
public enum Task {
    /** One label a text, or a pair of texts. */
    TEXT_CLASSIFICATION
}
