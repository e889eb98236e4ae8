package io.modelbatch.jobspec;

import io.modelbatch.extension.ResultReference;
import java.util.Optional;

/** The values that steps of a run have left. */
@FunctionalInterface
public interface ResultValues {
    /** None: no step is complete. */
    ResultValues NONE = reference -> Optional.empty();

    /** A text, a {@code Long}, a {@code Double} or a {@code Boolean}; empty while the step is not complete. */
    Optional<Object> find(ResultReference reference);
}
