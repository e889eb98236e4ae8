package io.modelbatch.run;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** Another process, or another part of this one, took the run over. Whoever gets this writes nothing more for the run. */
public final class ClaimLostException extends RuntimeException implements Explained {
    ClaimLostException(Claim claim) {
        super("Another process took over " + claim.run() + "; this one writes nothing more for it.");
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.WAIT);
    }
}
