package io.modelbatch.warehouse.local;

import io.modelbatch.base.AbsolutePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Held by the one load that may replace a table's file: a lock on a file, and one inside this process, which file locks do not cover. */
final class TableLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel file;

    private TableLock(ReentrantLock thread, FileChannel file) {
        this.thread = thread;
        this.file = file;
    }

    /** Waits until no other load holds it. */
    static TableLock acquire(Path path) throws IOException {
        ReentrantLock thread = THREADS.computeIfAbsent(AbsolutePath.of(path), key -> new ReentrantLock());
        thread.lock();
        try {
            return new TableLock(thread, locked(path));
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    private static FileChannel locked(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            file.lock();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            thread.unlock();
        }
    }
}
