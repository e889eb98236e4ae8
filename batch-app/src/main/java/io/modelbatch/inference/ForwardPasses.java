package io.modelbatch.inference;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.device.ComputeEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the forward passes of all blocks in progress, in the order in which they were asked for, so that the device has work while one
 * block is read and another written. Each goes to the device that has the fewest. On a processor each core computes a batch of its own: two
 * batches on two cores are faster than one on both, which wait for each other after every product.
 */
final class ForwardPasses implements AutoCloseable {
    /** One computes while another's numbers come back. */
    private static final int LANES_OF_A_CARD = 2;

    private final List<SharedDevice> devices;
    private final ExecutorService threads;
    private final int lanes;

    /**
     * Passes on loaded engines.
     *
     * @param engines one for each device
     * @param lanesOfEach how many passes each may have at a time
     */
    ForwardPasses(List<InferenceEngine> engines, int lanesOfEach) {
        this.devices = engines.stream().map(SharedDevice::new).toList();
        this.lanes = engines.size() * lanesOfEach;
        threads = Executors.newFixedThreadPool(
                this.lanes,
                new ThreadFactoryBuilder()
                        .setThreadFactory(ForwardPasses::undivided)
                        .setNameFormat("forward-pass")
                        .setDaemon(true)
                        .build());
    }

    /** A thread whose matrix products are not divided among further threads. */
    private static Thread undivided(Runnable passes) {
        return new Thread(() -> {
            ComputeEngine.useThreads(1);
            passes.run();
        });
    }

    /** Number of passes that a device may have at a time. */
    static int lanesOfEach(TextModelOptions options) {
        return options.onCards() ? LANES_OF_A_CARD : options.threads();
    }

    /** Number of passes that all devices together may have at a time. */
    int lanes() {
        return lanes;
    }

    /** Number of devices. */
    int devices() {
        return devices.size();
    }

    /** All devices, beginning with one of them. */
    List<SharedDevice> devicesFrom(SharedDevice first) {
        List<SharedDevice> all = new ArrayList<>(devices);
        all.remove(first);
        all.add(0, first);
        return all;
    }

    /** Tokens of the largest batch that may fit on some device. */
    long largest() {
        return devices.stream().mapToLong(SharedDevice::largest).max().orElseThrow();
    }

    /** Runs something on the device that has the fewest passes, as soon as one has room for it. */
    CompletableFuture<Void> submit(Consumer<SharedDevice> pass) {
        return CompletableFuture.runAsync(
                () -> {
                    SharedDevice device = next();
                    try {
                        pass.accept(device);
                    } finally {
                        device.end();
                    }
                },
                threads);
    }

    /** There are as many threads as lanes, so the device with the fewest passes has room. */
    private synchronized SharedDevice next() {
        SharedDevice next = Collections.min(devices, Comparator.comparingInt(SharedDevice::passes));
        next.begin();
        return next;
    }

    /** Waits for the current passes, a few seconds each, and closes the engines; those that wait are dropped. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                return; // an engine that computes must not be closed under its feet
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        devices.forEach(SharedDevice::close);
    }
}
