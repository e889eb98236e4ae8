package io.modelbatch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Threads that commands of this process started and that do not end. One of them could still write when its command has returned. */
final class ThreadsLeft {
    private static final long LIMIT = TimeUnit.SECONDS.toMillis(10);

    /** Threads of the JDK, JNA and DuckDB, which are made once for a process and write nothing. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "process reaper",
            "JNA Cleaner",
            "Common-Cleaner",
            "Signal Dispatcher",
            "duckdb-query-cancel-scheduler-thread");

    private final Set<Thread> before = threads();

    /** Names of those that were not there when this was made. */
    List<String> names() throws InterruptedException {
        Set<Thread> left = threads();
        left.removeAll(before);
        left.removeIf(thread -> OF_THE_PROCESS.contains(thread.getName()));
        for (Thread thread : left) {
            thread.join(LIMIT);
        }
        return left.stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
