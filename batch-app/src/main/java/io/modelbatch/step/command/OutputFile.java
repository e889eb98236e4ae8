package io.modelbatch.step.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of what a program printed. Of more than {@value #PART} bytes it keeps that many from the beginning, and at least as many from the
 * end: the disk holds no more than three such parts.
 */
final class OutputFile implements AutoCloseable {
    static final int PART = 16 << 20;

    private final Path beginning;
    private final Path previous;
    private final Path last;
    private OutputStream out;
    private long written;
    private int inPart;

    private OutputFile(Path file, OutputStream out, long written) {
        this.beginning = file;
        this.previous = file.resolveSibling(file.getFileName() + ".previous");
        this.last = file.resolveSibling(file.getFileName() + ".last");
        this.out = out;
        this.written = written;
    }

    static OutputFile create(Path file) throws IOException {
        OutputFile output = new OutputFile(file, open(file), 0);
        Files.deleteIfExists(output.previous);
        Files.deleteIfExists(output.last);
        return output;
    }

    synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (inPart == PART) {
                next();
            }
            int some = Math.min(left, PART - inPart);
            out.write(bytes, from, some);
            from += some;
            left -= some;
            inPart += some;
            written += some;
        }
    }

    synchronized void flush() throws IOException {
        out.flush();
    }

    /** Ends the file, which then is whole. */
    @Override
    public synchronized void close() throws IOException {
        out.close();
        if (!Files.exists(last)) {
            return;
        }
        long kept = Files.size(beginning) + Files.size(last) + (Files.exists(previous) ? Files.size(previous) : 0);
        try (OutputStream whole = Files.newOutputStream(beginning, StandardOpenOption.APPEND)) {
            if (written > kept) {
                whole.write("\n[… %,d bytes are left out here …]\n"
                        .formatted(written - kept)
                        .getBytes(StandardCharsets.UTF_8));
            }
            if (Files.exists(previous)) {
                Files.copy(previous, whole);
            }
            Files.copy(last, whole);
        }
        Files.deleteIfExists(previous);
        Files.delete(last);
    }

    private void next() throws IOException {
        out.close();
        if (Files.exists(last)) {
            Files.move(last, previous, StandardCopyOption.REPLACE_EXISTING);
        }
        out = open(last);
        inPart = 0;
    }

    private static OutputStream open(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file));
    }
}
