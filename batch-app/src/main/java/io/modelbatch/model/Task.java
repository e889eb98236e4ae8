package io.modelbatch.model;

/** The task of a model, named as Hugging Face names it. */
public enum Task {
    /** One label a text, or a pair of texts. */
    TEXT_CLASSIFICATION,
    /** Labels for parts of a text, such as names. */
    TOKEN_CLASSIFICATION,
    /** A text as a point, near those of texts that mean the same. */
    FEATURE_EXTRACTION
}
