package io.modelbatch.worker;

import io.modelbatch.step.rows.PartitionSteps;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Resources that the partitions of a step share in this process, such as a loaded model. They stay open between two
 * partitions, until another step needs their place.
 */
final class OpenPartitions implements AutoCloseable {
    private final Map<Dispatch, Opened> open = new HashMap<>();

    /** Opens them. */
    @FunctionalInterface
    interface Opening {
        PartitionSteps open() throws Exception;
    }

    private static final class Opened {
        private final PartitionSteps steps;
        private int users;

        Opened(PartitionSteps steps) {
            this.steps = steps;
        }
    }

    /** Those of a dispatch. To be {@linkplain #release released}. Others wait meanwhile. */
    synchronized PartitionSteps acquire(Dispatch dispatch, Opening opening) throws Exception {
        Opened opened = open.get(dispatch);
        if (opened == null) {
            // A step with the same model shares it before the other one is closed.
            boolean shares = Optional.ofNullable(dispatch.demand().model())
                    .filter(models()::contains)
                    .isPresent();
            if (!shares) {
                closeUnused();
            }
            opened = new Opened(opening.open());
            closeUnused();
            open.put(dispatch, opened);
        }
        opened.users++;
        return opened.steps;
    }

    synchronized void release(Dispatch dispatch) {
        Objects.requireNonNull(open.get(dispatch)).users--;
    }

    /** Fingerprints of the models that are loaded. */
    synchronized Set<String> models() {
        return open.keySet().stream()
                .flatMap(dispatch -> Optional.ofNullable(dispatch.demand().model()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void closeUnused() {
        open.values().removeIf(opened -> {
            if (opened.users == 0) {
                opened.steps.close();
            }
            return opened.users == 0;
        });
    }

    /** Closes all that nobody uses. */
    @Override
    public synchronized void close() {
        closeUnused();
    }
}
