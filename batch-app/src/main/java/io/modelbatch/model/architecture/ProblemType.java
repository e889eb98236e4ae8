package io.modelbatch.model.architecture;

import java.util.Locale;

/** The meaning of the logits of a sequence classifier. */
public enum ProblemType {
    /** Exactly one label is right. */
    SINGLE_LABEL_CLASSIFICATION,
    /** Each label is right or not, independently. */
    MULTI_LABEL_CLASSIFICATION,
    /** The numbers are the answer. */
    REGRESSION;

    /** As {@code config.json} spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
