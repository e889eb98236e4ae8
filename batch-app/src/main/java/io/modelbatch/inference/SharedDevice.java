package io.modelbatch.inference;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.token.TokenBatch;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A device whose engine and memory the passes of several threads share. It knows the size of a batch that did not fit, whatever other devices hold. */
final class SharedDevice {
    private final InferenceEngine engine;
    private final ReadWriteLock memory = new ReentrantReadWriteLock();
    private final AtomicLong largest = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger passes = new AtomicInteger();

    SharedDevice(InferenceEngine engine) {
        this.engine = engine;
    }

    /**
     * A pass.
     *
     * @param numbers for each row of the batch, which need not be finite
     * @param nanos that it took
     */
    record Pass(float[][] numbers, long nanos) {}

    /** Number of passes that are to be made here or are being made. */
    int passes() {
        return passes.get();
    }

    /** One more pass is to be made here. */
    void begin() {
        passes.incrementAndGet();
    }

    /** A pass that began is over. */
    void end() {
        passes.decrementAndGet();
    }

    /**
     * A pass beside others.
     *
     * @throws DeviceMemoryException when the batch does not fit beside them
     * @throws InferenceException when the pass fails otherwise; the message names the device
     */
    Pass run(TokenBatch batch) {
        return run(batch, memory.readLock());
    }

    /** The same while no other pass takes memory of the device. */
    Pass runAlone(TokenBatch batch) {
        return run(batch, memory.writeLock());
    }

    private Pass run(TokenBatch batch, Lock lock) {
        lock.lock();
        try {
            long start = System.nanoTime();
            float[][] numbers = engine.run(batch);
            return new Pass(numbers, System.nanoTime() - start);
        } catch (DeviceMemoryException e) {
            throw e;
        } catch (InferenceException e) {
            String message = engine.device() + ": " + e.getMessage();
            throw ComputeEngine.isDeviceFailure(Objects.requireNonNullElse(e.getCause(), e))
                    ? new DeviceFailedException(message, e)
                    : new InferenceException(message, e);
        } finally {
            lock.unlock();
        }
    }

    /** Remembers that a batch did not fit. */
    void refused(TokenBatch batch) {
        largest.accumulateAndGet(batch.paddedTokens() / 2, Math::min);
    }

    /** Tokens of the largest batch that may fit. */
    long largest() {
        return largest.get();
    }

    void close() {
        engine.close();
    }
}
