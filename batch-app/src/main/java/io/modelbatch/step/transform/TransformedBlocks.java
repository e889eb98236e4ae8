package io.modelbatch.step.transform;

import io.modelbatch.base.Explained;
import io.modelbatch.extension.InputRow;
import io.modelbatch.extension.RejectedRowException;
import io.modelbatch.extension.RowTransform;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.rows.FinishedBlock;
import io.modelbatch.step.rows.PendingBlock;
import io.modelbatch.step.rows.RowBlockReader;
import io.modelbatch.warehouse.RowBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The rows of one partition as blocks of the result. A block ends with the rows that were read together, or before that with the row after which
 * the rows of the result are large enough for a shard.
 */
final class TransformedBlocks implements ItemStreamReader<FinishedBlock> {
    private static final Pattern LIBRARY = Pattern.compile("(java|javax|jdk|io\\.modelbatch)\\.");

    private final RowBlockReader<Boolean> rows;
    private final Named transform;
    private final ResultBuilder result;
    private final StopRequest stop;
    private @Nullable RowTransform begun;
    private @Nullable PendingBlock<Boolean> current;
    private int next;

    /**
     * A transform.
     *
     * @param begin makes it
     * @param type the key of its type
     * @param step the name of its step
     */
    record Named(Supplier<RowTransform> begin, String type, String step) {}

    TransformedBlocks(RowBlockReader<Boolean> rows, Named transform, ResultBuilder result, StopRequest stop) {
        this.rows = rows;
        this.transform = transform;
        this.result = result;
        this.stop = stop;
    }

    @Override
    public @Nullable FinishedBlock read() throws JobInterruptedException, InterruptedException {
        PendingBlock<Boolean> block = current;
        if (block == null) {
            block = rows.read();
            next = 0;
            if (block == null) {
                return null;
            }
        }
        RowTransform open = begun();
        List<Map<String, @Nullable Object>> rejects = new ArrayList<>();
        int first = next;
        int all = block.rows().rows();
        while (next < all && !result.isFull()) {
            if (stop.requested()) {
                throw new JobInterruptedException("stopped on request");
            }
            take(open, block.rows(), next++, rejects);
        }
        current = next < all ? block : null;
        return new FinishedBlock(
                result.build(), rejects, block.session(), (long) (next - first - rejects.size()), null);
    }

    private RowTransform begun() {
        if (begun == null) {
            try {
                begun = transform.begin().get();
            } catch (RuntimeException | LinkageError e) {
                throw new StepFailedException(
                        "Step " + transform.step() + " (" + transform.type() + ") could not begin: " + words(e)
                                + ". Fix the transform in its jar; the same command resumes",
                        e);
            }
        }
        return begun;
    }

    private void take(RowTransform open, RowBlock block, int number, List<Map<String, @Nullable Object>> rejects) {
        Object key = block.keys().get(number);
        result.begin(key);
        try {
            open.apply(new InputRow(block, number), result);
            result.end();
        } catch (RejectedRowException e) {
            result.drop();
            rejects.add(FinishedBlock.reject(key, String.valueOf(e.getMessage()), values(block, number)));
        } catch (Exception | LinkageError | StackOverflowError e) {
            throw failed(key, e);
        }
    }

    private Map<String, @Nullable Object> values(RowBlock block, int number) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put(result.keyName(), block.keys().get(number));
        block.columns().forEach((name, column) -> values.put(name, column.get(number)));
        return values;
    }

    private StepFailedException failed(Object key, Throwable e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new StepFailedException(
                "Step " + transform.step() + " (" + transform.type() + ") failed at the row with key '" + key + "': "
                        + words(e) + ". Fix the row or the transform; the same command resumes before this block",
                e);
    }

    private static String words(Throwable e) {
        return e instanceof ResultBuilder.RefusedException || e instanceof Explained
                ? String.valueOf(e.getMessage())
                : e + place(e);
    }

    /** The line of the transform. */
    private static String place(Throwable e) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> !LIBRARY.matcher(frame.getClassName()).lookingAt())
                .findFirst()
                .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("");
    }

    /** Closes a transform that has something to close. */
    @Override
    public void close() {
        rows.close();
        if (begun instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new StepFailedException("Step " + transform.step() + " could not close its transform: " + e, e);
            }
        }
    }
}
