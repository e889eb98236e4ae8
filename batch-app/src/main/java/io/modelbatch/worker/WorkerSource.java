package io.modelbatch.worker;

import java.io.IOException;

/** Something outside that starts workers when it is asked. */
@FunctionalInterface
public interface WorkerSource {
    /**
     * Asks for workers. They may need minutes to come.
     *
     * @throws IOException when it refuses, or does not answer
     */
    void start() throws IOException;
}
