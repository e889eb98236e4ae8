package io.modelbatch.cli;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a terminal, drawn again four times a second; lines that stay are printed above it. Touches nothing but that line: a
 * library for terminals would take the signals too, which stop runs here.
 */
final class LiveLine implements AutoCloseable {
    private static final long MILLISECONDS = 250;
    private static final String ERASED = "\r\u001b[K";

    private final PrintWriter out;
    private final IntSupplier columns;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
            .setNameFormat("live-line")
            .setDaemon(true)
            .build());
    private @Nullable IntFunction<String> content;

    LiveLine(PrintWriter out, IntSupplier columns) {
        this.out = out;
        this.columns = columns;
        clock.scheduleWithFixedDelay(this::draw, MILLISECONDS, MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    /** Shows a text, made for the columns that there are, until another one follows. */
    synchronized void show(IntFunction<String> text) {
        content = text;
        draw();
    }

    /** Takes the line away. */
    synchronized void clear() {
        if (content != null) {
            content = null;
            out.print(ERASED);
            out.flush();
        }
    }

    /** Prints what stays, above the line. */
    synchronized void print(String text) {
        out.println((content == null ? "" : ERASED) + text);
        draw();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        clear();
    }

    private synchronized void draw() {
        if (content != null) {
            // One column less, for some terminals begin another line when the last column is filled.
            out.print("\r" + content.apply(columns.getAsInt() - 1) + "\u001b[K");
        }
        out.flush();
    }
}
