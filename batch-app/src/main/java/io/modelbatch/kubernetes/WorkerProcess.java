package io.modelbatch.kubernetes;

import java.util.List;
import java.util.stream.Stream;

/** The arguments of workers. */
final class WorkerProcess {
    /** Longer than what lies between two steps, so that the second one finds its workers there. */
    private static final String IDLE = "--idle=5m";

    private WorkerProcess() {}

    /** A worker that ends when it has had nothing to do for a while. */
    static List<String> ending(Machine machine) {
        return Stream.of(Stream.of("worker", IDLE), spot(machine))
                .flatMap(words -> words)
                .toList();
    }

    /** A worker that is ended with its manager. */
    static List<String> waiting(Machine machine) {
        return Stream.concat(Stream.of("worker"), spot(machine)).toList();
    }

    private static Stream<String> spot(Machine machine) {
        return machine.spot().map(spot -> "--spot").stream();
    }
}
