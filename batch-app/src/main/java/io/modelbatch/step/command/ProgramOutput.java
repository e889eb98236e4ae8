package io.modelbatch.step.command;

import io.modelbatch.base.ByteSize;
import io.modelbatch.base.PrintableText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
    private static final Pattern CONTROL_SEQUENCES =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])");

    private final OutputFile file;
    private final Consumer<String> listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> leftOut = new ArrayDeque<>();
    private final Deque<String> last = new ArrayDeque<>();
    private long omittedBytes;
    private long omittedLines;
    private boolean returned;
    private double allowed = AT_ONCE;
    private long refilled = System.nanoTime();
    private volatile @Nullable IOException failure;

    ProgramOutput(OutputFile file, Consumer<String> listener) {
        this.file = file;
        this.listener = listener;
    }

    /** Reads to the end. A failure to write the file is remembered, and the program is read on: it must not wait. */
    void readAll(InputStream in) {
        byte[] buffer = new byte[1 << 16];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                keep(buffer, read);
                split(buffer, read);
            }
        } catch (IOException closed) {
            // The end, too.
        }
    }

    /** The failure to write the file; null for none. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Tells what is left of the last line, and what was left out last. */
    synchronized void end() {
        if (line.size() > 0) {
            endLine();
        }
        if (omittedLines > 0) {
            listener.accept("[%,d lines are left out here; the last of them:]".formatted(omittedLines));
            leftOut.forEach(listener);
            omittedLines = 0;
        }
    }

    /** The last lines, at most {@value #REMEMBERED}. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }

    private void keep(byte[] bytes, int length) {
        if (failure != null) {
            return;
        }
        try {
            file.write(bytes, 0, length);
            file.flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    private synchronized void split(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            byte each = bytes[i];
            if (each == '\n') {
                endLine();
            } else if (each == '\r') {
                returned = true;
            } else {
                add(each);
            }
        }
    }

    private void add(byte each) {
        if (returned) { // a progress bar: what follows is in the place of what was there
            line.reset();
            omittedBytes = 0;
            returned = false;
        }
        if (line.size() < LONGEST_LINE) {
            line.write(each);
        } else {
            omittedBytes++;
        }
    }

    private void endLine() {
        String text = printable(line.toString(StandardCharsets.UTF_8));
        if (omittedBytes > 0) {
            text += " [… " + new ByteSize(omittedBytes) + " more]";
        }
        line.reset();
        omittedBytes = 0;
        returned = false;
        remember(last, text);
        if (isAllowed()) {
            if (omittedLines > 0) {
                listener.accept("[%,d lines are left out here]".formatted(omittedLines));
                omittedLines = 0;
                leftOut.clear();
            }
            listener.accept(text);
        } else {
            omittedLines++;
            remember(leftOut, text);
        }
    }

    private static void remember(Deque<String> lines, String text) {
        lines.addLast(text);
        if (lines.size() > REMEMBERED) {
            lines.removeFirst();
        }
    }

    private boolean isAllowed() {
        long now = System.nanoTime();
        allowed = Math.min(AT_ONCE, allowed + (now - refilled) / 1e9 * PER_SECOND);
        refilled = now;
        if (allowed < 1) {
            return false;
        }
        allowed--;
        return true;
    }

    /** Without colors and other control sequences, which a terminal must not get from here. */
    private static String printable(String text) {
        return PrintableText.message(
                CONTROL_SEQUENCES.matcher(text).replaceAll("").replace("\t", "    "));
    }
}
