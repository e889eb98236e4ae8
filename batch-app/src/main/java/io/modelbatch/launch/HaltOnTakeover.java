package io.modelbatch.launch;

import io.modelbatch.run.ExitCode;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.OnTakeover;

/**
 * Ends the process at once: it works on one run, and anything that it could still do would be done to a run that is not its own. Not by an
 * exception, which code between here and the command may catch.
 */
final class HaltOnTakeover implements OnTakeover {
    @Override
    public void lost(Claim claim) {
        System.err.println("Another process took over " + claim.run() + "; this one halts and writes nothing more.");
        Runtime.getRuntime().halt(ExitCode.HELD.code());
    }
}
