package io.modelbatch.step.command;

import io.modelbatch.base.ByteSize;
import io.modelbatch.base.PrintableText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The output of a program, standard output and standard error in their order: all bytes go to a file, and lines to a listener. The listener
 * gets {@value #AT_ONCE} lines at once and {@value #PER_SECOND} a second in the long run, and is told how many were left out.
 */
final class ProgramOutput {
    private static final int AT_ONCE = 1_000;
    private static final int PER_SECOND = 5;
    private static final int LONGEST_LINE = 4_000;
    private static final int REMEMBERED = 20;
    private static final int BUFFER = 1 << 16;
    private static final Duration BETWEEN_BARS = Duration.ofMillis(500);
    private static final Pattern CONTROL_SEQUENCES =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])");

    private final OutputFile file;
    private final Consumer<String> listener;
    private final Consumer<String> bars;
    private final byte[] line = new byte[LONGEST_LINE];
    private final Deque<Line> last = new ArrayDeque<>(REMEMBERED);
    private int length;
    private long omittedBytes;
    private long omittedLines;
    private boolean returned;
    private boolean barShown;
    private double allowed = AT_ONCE;
    private long refilled = System.nanoTime();
    private long drawn = System.nanoTime();
    private volatile @Nullable IOException failure;

    /** A line, or the beginning of a long one. Most are never shown, so they are made a text when they are. */
    private record Line(byte[] bytes, long omitted) {
        /** Without colors and other control sequences, which a terminal must not get from here. */
        String printable() {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String plain = PrintableText.message(
                    CONTROL_SEQUENCES.matcher(text).replaceAll("").replace("\t", "    "));
            return omitted == 0 ? plain : plain + " [… " + new ByteSize(omitted) + " more]";
        }
    }

    /**
     * Nothing is read yet.
     *
     * @param listener told lines
     * @param bars told now and then where a progress bar is, and nothing when its line has ended
     */
    ProgramOutput(OutputFile file, Consumer<String> listener, Consumer<String> bars) {
        this.file = file;
        this.listener = listener;
        this.bars = bars;
    }

    /** Reads to the end. A failure to write the file is remembered, and the program is read on: it must not wait. */
    void readAll(InputStream in) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                keep(buffer, read);
                split(buffer, read);
            }
        } catch (IOException closed) {
            // The end, too.
        }
    }

    /** The failure to write the file; empty for none. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Tells what is left of the last line, and the last of those that were left out. */
    synchronized void end() {
        if (length > 0) {
            endLine();
        }
        if (omittedLines > 0) {
            int known = (int) Math.min(omittedLines, last.size());
            listener.accept("[%,d lines are left out here; the last of them:]".formatted(omittedLines));
            last.stream().skip(last.size() - known).map(Line::printable).forEach(listener);
            omittedLines = 0;
        }
    }

    /** The last lines, at most {@value #REMEMBERED}. */
    synchronized List<String> last() {
        return last.stream().map(Line::printable).toList();
    }

    private void keep(byte[] bytes, int count) {
        if (failure != null) {
            return;
        }
        try {
            file.write(bytes, 0, count);
            file.flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    private synchronized void split(byte[] bytes, int count) {
        refill();
        int start = 0;
        for (int i = 0; i < count; i++) {
            byte each = bytes[i];
            if (each == '\n' || each == '\r') {
                append(bytes, start, i - start);
                start = i + 1;
                if (each == '\n') {
                    endLine();
                } else {
                    drawBar();
                    returned = true;
                }
            }
        }
        append(bytes, start, count - start);
    }

    private void append(byte[] bytes, int from, int count) {
        if (count == 0) {
            return;
        }
        if (returned) { // a progress bar: what follows is in the place of what was there
            length = 0;
            omittedBytes = 0;
            returned = false;
        }
        int fitting = Math.min(count, LONGEST_LINE - length);
        System.arraycopy(bytes, from, line, length, fitting);
        length += fitting;
        omittedBytes += count - fitting;
    }

    private void drawBar() {
        if (length > 0 && !returned && System.nanoTime() - drawn > BETWEEN_BARS.toNanos()) {
            drawn = System.nanoTime();
            barShown = true;
            bars.accept(taken().printable());
        }
    }

    private void endLine() {
        Line ended = taken();
        length = 0;
        omittedBytes = 0;
        returned = false;
        if (barShown) {
            barShown = false;
            bars.accept("");
        }
        if (last.size() == REMEMBERED) {
            last.removeFirst();
        }
        last.addLast(ended);
        if (allowed < 1) {
            omittedLines++;
            return;
        }
        allowed--;
        if (omittedLines > 0) {
            listener.accept("[%,d lines are left out here]".formatted(omittedLines));
            omittedLines = 0;
        }
        listener.accept(ended.printable());
    }

    private Line taken() {
        return new Line(Arrays.copyOf(line, length), omittedBytes);
    }

    private void refill() {
        long now = System.nanoTime();
        allowed = Math.min(AT_ONCE, allowed + (now - refilled) / 1e9 * PER_SECOND);
        refilled = now;
    }
}
