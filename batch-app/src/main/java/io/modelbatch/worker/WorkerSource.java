package io.modelbatch.worker;

import java.io.IOException;

/** Something outside that starts workers when it is asked. */
@FunctionalInterface
public interface WorkerSource {
    /** The machines of workers. */
    enum Machines {
        /** Also those that may be taken away. */
        ANY,
        /** Only those that stay. */
        ON_DEMAND
    }

    /**
     * Asks for workers. They may need minutes to come.
     *
     * @throws IOException when it refuses, or does not answer
     */
    void start(Machines machines) throws IOException;
}
