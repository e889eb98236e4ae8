package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of workers. One with {@code --spot} takes nothing more of a run that has lost too many workers. So the machine is given as
 * one that stays where no other workers would take over.
 */
final class WorkerProcess {
    /** Longer than what lies between two steps, so that the second one finds its workers there. */
    static final String BETWEEN_STEPS = "5m";

    private WorkerProcess() {}

    /** A worker that ends when it has had nothing to do for a while. */
    static List<String> ending(String idle, Machine machine) {
        List<String> arguments = waiting(machine);
        arguments.add(1, "--idle=" + idle);
        return arguments;
    }

    /** A worker that is ended with its manager. */
    static List<String> waiting(Machine machine) {
        List<String> arguments = new ArrayList<>(List.of("worker", "--partitions=" + machine.partitions()));
        machine.spot().ifPresent(spot -> arguments.add("--spot"));
        return arguments;
    }
}
