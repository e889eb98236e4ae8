package io.modelbatch.store.google;

import io.modelbatch.store.google.StorageServer.Fault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The faults of a {@link StorageServer}: those that were ordered, and those that come round. */
final class StorageFaults {
    private final Deque<Fault> ordered = new ArrayDeque<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private final Map<List<Fault>, Integer> calls = new HashMap<>();
    private int callsToFault = Integer.MAX_VALUE;
    private int refusals;
    private StorageRefusal refusal = new StorageRefusal(503, "backendError", "Backend error");

    synchronized void failOneOf(int number) {
        this.callsToFault = number;
    }

    synchronized void order(List<Fault> faults) {
        ordered.addAll(faults);
    }

    synchronized void refuse(int number, StorageRefusal answer) {
        refusals = number;
        refusal = answer;
    }

    synchronized void refuseIfOrdered() {
        if (refusals > 0) {
            refusals--;
            throw refusal;
        }
    }

    synchronized Map<Fault, Integer> injected() {
        return Map.copyOf(injected);
    }

    /** The fault of the next call, of those that are possible for it. */
    synchronized Optional<Fault> next(List<Fault> possible) {
        Optional<Fault> fault = Optional.empty();
        int call = calls.merge(possible, 1, Integer::sum);
        if (!ordered.isEmpty() && possible.contains(ordered.peek())) {
            fault = Optional.of(ordered.remove());
        } else if (ordered.isEmpty() && call % callsToFault == 0) {
            fault = Optional.of(possible.get((call / callsToFault - 1) % possible.size()));
        }
        fault.ifPresent(happens -> injected.merge(happens, 1, Integer::sum));
        return fault;
    }
}
