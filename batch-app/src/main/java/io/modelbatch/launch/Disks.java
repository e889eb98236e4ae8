package io.modelbatch.launch;

import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.Remedy;
import io.modelbatch.base.Volumes;
import io.modelbatch.run.SqlFailure;
import io.modelbatch.step.FailureCause;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes that a run may fill: those of this machine, and that of the job repository's server.
 *
 * @param volumes where this process writes
 * @param reserve room for the last words of a run; empty where the job repository is on another machine
 * @param reconnect closes the connections to the job repository: H2 opens its file again when none is left
 */
record Disks(Volumes volumes, Optional<RepositoryReserve> reserve, Runnable reconnect) {
    private static final Logger log = LoggerFactory.getLogger(Disks.class);

    /** The failure of a volume that an exception reports; empty when it is about something else. */
    Optional<FailureCause> cause(Throwable failure) {
        return DiskFailure.of(failure)
                .map(disk -> disk.words(volumes))
                .or(() -> SqlFailure.of(failure)
                        .filter(SqlFailure::isFullDisk)
                        .map(sql -> "The job repository cannot be written: "
                                + sql.cause().getMessage() + ". " + sql.advice()))
                .map(words -> new FailureCause(words, Remedy.RETRY));
    }

    /** Before a run: so that it can say its last words. */
    void keepRoom() throws IOException {
        if (reserve.isPresent()) {
            reserve.get().keep();
        }
    }

    /** For the last words of a run. */
    void makeRoom() {
        try {
            if (reserve.isPresent()) {
                reserve.get().release();
                reconnect.run();
            }
        } catch (IOException e) {
            log.warn("The reserved space beside the job repository could not be freed", e);
        }
    }
}
