package io.modelbatch.step.infer;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Resources that are opened once for all who use them at the same time, and closed when the last of these has released its share. */
final class SharedResources<K, V> {
    private final Consumer<V> closing;
    private final Map<K, Counted<V>> open = new HashMap<>();

    /** Opens a resource. */
    @FunctionalInterface
    interface Opening<V> {
        V open() throws IOException;
    }

    SharedResources(Consumer<V> closing) {
        this.closing = closing;
    }

    /** A share of the resource with that key, which is opened unless it is open already. Others wait meanwhile. */
    synchronized Share<V> acquire(K key, Opening<V> opening) throws IOException {
        Counted<V> counted = open.get(key);
        if (counted == null) {
            counted = new Counted<>(opening.open());
            open.put(key, counted);
        }
        counted.shares++;
        return new Share<>(counted.value, () -> release(key));
    }

    private void release(K key) {
        V unused = remove(key);
        if (unused != null) {
            closing.accept(unused);
        }
    }

    private synchronized @Nullable V remove(K key) {
        Counted<V> counted = Objects.requireNonNull(open.get(key));
        counted.shares--;
        if (counted.shares > 0) {
            return null;
        }
        open.remove(key);
        return counted.value;
    }

    /** The right to use a resource until it is closed. */
    static final class Share<V> implements AutoCloseable {
        private final V value;
        private final Runnable release;
        private final AtomicBoolean released = new AtomicBoolean();

        private Share(V value, Runnable release) {
            this.value = value;
            this.release = release;
        }

        V value() {
            return value;
        }

        /** Releases the share; a second time it does nothing. */
        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                release.run();
            }
        }
    }

    private static final class Counted<V> {
        private final V value;
        private int shares;

        Counted(V value) {
            this.value = value;
        }
    }
}
