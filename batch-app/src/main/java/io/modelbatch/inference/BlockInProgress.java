package io.modelbatch.inference;

import com.google.common.base.Throwables;
import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.token.TokenBatch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A block of rows as its windows are read and answered, by several threads. */
final class BlockInProgress implements PendingAnswers {
    private static final long POLL_MILLIS = 50;

    private final Decoder.Output output;
    private final @Nullable Window[][] windows;
    private final AtomicIntegerArray missing;
    private final int[] lengths;
    private final ConcurrentSkipListMap<Integer, String> rejected = new ConcurrentSkipListMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong paddedTokens = new AtomicLong();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger truncated = new AtomicInteger();
    private final AtomicLong computingNanos = new AtomicLong();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean cancelled;

    BlockInProgress(int rows, Decoder decoder) {
        this.output = decoder.begin(rows);
        this.windows = new Window[rows][];
        this.missing = new AtomicIntegerArray(rows);
        this.lengths = new int[rows];
    }

    @Override
    public Optional<Answers> await(BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            try {
                done.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                return cancelled ? Optional.empty() : Optional.of(answers());
            } catch (TimeoutException e) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (ExecutionException e) {
                cancel();
                throw thrown(e);
            }
        }
        cancel();
        return Optional.empty();
    }

    private Answers answers() {
        return new Answers(output.columns(), rejected, ImmutableIntArray.copyOf(lengths), work());
    }

    private static RuntimeException thrown(ExecutionException failure) {
        Throwable cause = Throwables.getCausalChain(Objects.requireNonNull(failure.getCause())).stream()
                .filter(thrown -> !(thrown instanceof CompletionException))
                .findFirst()
                .orElse(failure);
        Throwables.throwIfUnchecked(cause);
        return new IllegalStateException(cause);
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void await(int rows) {
        while (answered.get() + rejected.size() < rows && !done.isDone()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Ends with what a task ends with that does the rest of the work. */
    void endsWith(CompletableFuture<Void> work) {
        work.whenComplete((nothing, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    void reject(int row, String reason) {
        rejected.put(row, reason);
    }

    /** A pass over a batch is done, or was tried in vain. */
    void passed(TokenBatch batch, long nanos) {
        tokens.addAndGet(batch.tokens());
        paddedTokens.addAndGet(batch.paddedTokens());
        batches.incrementAndGet();
        computingNanos.addAndGet(nanos);
    }

    /** A row is read in so many windows; where it is one, the text may have been truncated. */
    void expect(int row, int count, boolean cutOff) {
        truncated.addAndGet(cutOff ? 1 : 0);
        windows[row] = new Window[count];
        missing.set(row, count);
    }

    /** A window of a row is answered; the last one makes the row's answer. */
    void answered(int row, int number, Window window) {
        windows[row][number] = window;
        if (missing.decrementAndGet(row) == 0) {
            lengths[row] = Stream.of(windows[row])
                    .mapToInt(each -> each.ids().length())
                    .sum();
            output.rows().decode(row, List.of(windows[row]));
            windows[row] = new Window[0];
            answered.incrementAndGet();
        }
    }

    private Answers.Usage work() {
        return new Answers.Usage(
                tokens.get(),
                paddedTokens.get(),
                batches.get(),
                truncated.get(),
                Duration.ofNanos(computingNanos.get()));
    }
}
