package io.modelbatch.run.claim;

import com.google.common.base.Throwables;
import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.List;
import java.util.Optional;

/** Another process, or another part of this one, took the run over. Whoever gets this writes nothing more for the run. */
public final class ClaimLostException extends RuntimeException implements Explained {
    ClaimLostException(Claim claim) {
        super("Another process took over " + claim.run() + "; this one writes nothing more for it.");
    }

    private ClaimLostException(String message) {
        super(message);
    }

    /** The run is still its owner's, and another worker has the partition. */
    static ClaimLostException ofTask(String run, Claim.Task task) {
        return new ClaimLostException("Another worker took over partition " + task.id() + " of " + run
                + " because this one gave no sign of life; it writes nothing more for the partition.");
    }

    /** True when it is a cause of one of these failures. */
    public static boolean isAmong(List<Throwable> failures) {
        return failures.stream()
                .flatMap(failure -> Throwables.getCausalChain(failure).stream())
                .anyMatch(ClaimLostException.class::isInstance);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.WAIT);
    }
}
