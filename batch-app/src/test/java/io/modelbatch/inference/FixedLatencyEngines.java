package io.modelbatch.inference;

import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.ArchiveCall;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenIds;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * GPUs that this machine does not have: each makes one pass at a time, which takes no processor. Its numbers depend on the tokens of a row and on
 * nothing else, so that the answers of a run can be compared with those of any other.
 *
 * @param count number of GPUs
 * @param latency of a pass of up to {@link #TOKENS} tokens; a larger one takes longer in proportion
 * @param before done before each pass
 */
public record FixedLatencyEngines(int count, Duration latency, BiConsumer<ComputeDevice, TokenBatch> before)
        implements InferenceEngines {
    /** Tokens of a pass that takes the latency. */
    public static final int TOKENS = 8_192;

    private static final int PRIME = 1_000_003;

    @Override
    public List<ComputeDevice> devices(String name) {
        return IntStream.range(0, count)
                .mapToObj(index -> new ComputeDevice(ComputeDevice.Kind.GPU, index))
                .toList();
    }

    @Override
    public long memory(ComputeDevice device) {
        return 80L << 30;
    }

    @Override
    public InferenceEngine load(DisplayPath archive, ArchiveCall call, ComputeDevice device) {
        return new Gpu(this, call, device, new ReentrantLock());
    }

    private record Gpu(FixedLatencyEngines engines, ArchiveCall call, ComputeDevice device, Lock computing)
            implements InferenceEngine {
        @Override
        public float[][] run(TokenBatch batch) {
            engines.before().accept(device, batch);
            computing.lock();
            try {
                long tokens = Math.max(TOKENS, batch.paddedTokens());
                Uninterruptibles.sleepUninterruptibly(
                        engines.latency().multipliedBy(tokens).dividedBy(TOKENS));
            } finally {
                computing.unlock();
            }
            long numbers = call.shape(batch.rows().size(), batch.width()).stream()
                    .skip(1)
                    .reduce(1L, Math::multiplyExact);
            return batch.rows().stream()
                    .map(row -> numbers(row, Math.toIntExact(numbers)))
                    .toArray(float[][]::new);
        }

        private static float[] numbers(TokenIds row, int count) {
            float[] numbers = new float[count];
            int hash = Arrays.hashCode(row.ids());
            for (int i = 0; i < count; i++) {
                hash = hash * 31 + i;
                numbers[i] = Math.floorMod(hash, PRIME) / (float) PRIME;
            }
            return numbers;
        }

        @Override
        public void close() {}
    }
}
