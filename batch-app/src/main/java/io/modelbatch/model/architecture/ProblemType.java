package io.modelbatch.model.architecture;

import java.util.Locale;

/** What the numbers at the end of a sequence classifier mean. */
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
