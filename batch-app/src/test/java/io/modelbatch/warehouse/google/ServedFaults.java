package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Which call fails, and how. */
final class ServedFaults {
    private static final long PAUSE_MILLIS = 200;

    private final Deque<Fault> ordered = new ArrayDeque<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private List<Fault> kinds = List.of(Fault.values());
    private Random random = new Random(0);
    private double share;
    private int refusals;
    private Optional<RefusedException> refusal = Optional.empty();

    synchronized void share(double share, long seed, List<Fault> kinds) {
        this.share = share;
        this.random = new Random(seed);
        this.kinds = kinds;
    }

    synchronized void order(List<Fault> faults) {
        ordered.addAll(faults);
    }

    /** So many calls are answered like this. */
    synchronized void refuse(int calls, RefusedException answer) {
        refusals = calls;
        refusal = Optional.of(answer);
    }

    synchronized void refuseIfOrdered() {
        if (refusals > 0 && refusal.isPresent()) {
            refusals--;
            throw refusal.get();
        }
    }

    synchronized Map<Fault, Integer> injected() {
        return Map.copyOf(injected);
    }

    /** The fault of a call for which these are possible. */
    synchronized Optional<Fault> next(List<Fault> possible) {
        Optional<Fault> fault = Optional.empty();
        List<Fault> shared = possible.stream().filter(kinds::contains).toList();
        if (!ordered.isEmpty() && possible.contains(ordered.peek())) {
            fault = Optional.of(ordered.remove());
        } else if (ordered.isEmpty() && !shared.isEmpty() && random.nextDouble() < share) {
            fault = Optional.of(shared.get(random.nextInt(shared.size())));
        }
        fault.ifPresent(happens -> injected.merge(happens, 1, Integer::sum));
        return fault;
    }

    static void pauseFor(Optional<Fault> fault) {
        if (fault.equals(Optional.of(Fault.SLOW))) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
