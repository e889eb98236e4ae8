package io.modelbatch.cli;

import io.modelbatch.run.ExitCode;
import io.modelbatch.worker.WorkerEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Starts a worker, and waits while the job repository is away or has no connection left: a fleet that starts at once asks for many. */
final class PatientStart {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(10);

    private final String repository;
    private final Consumer<WorkerEvent> listener;

    /** @param listener told once that the worker waits, and why */
    PatientStart(String repository, Consumer<WorkerEvent> listener) {
        this.repository = repository;
        this.listener = listener;
    }

    Services start(Supplier<Services> application) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean told = false;
        while (true) {
            try {
                return application.get();
            } catch (RuntimeException e) {
                Optional<RepositoryFailure> passing =
                        RepositoryFailure.of(e, repository).filter(failure -> failure.exit() == ExitCode.FAILED);
                if (passing.isEmpty() || System.nanoTime() - end > 0) {
                    throw e;
                }
                if (!told) {
                    told = true;
                    listener.accept(new WorkerEvent.Waiting(passing.get().message()));
                }
                Thread.sleep(ThreadLocalRandom.current().nextLong(LEAST_PAUSE.toMillis(), MOST_PAUSE.toMillis()));
            }
        }
    }
}
