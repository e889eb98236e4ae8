package io.modelbatch.step;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.extension.StepTypeJar;
import java.util.Optional;

/** A step type of a jar cannot be used: it fails where it is set up, or is built for another version. The message names the jar. */
public final class UnfitStepTypeException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    UnfitStepTypeException(String key, StepTypeJar jar, Throwable failure) {
        super(jar.path().getFileName() + ": the step type '" + key + "' " + jar.problem(failure), failure);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
