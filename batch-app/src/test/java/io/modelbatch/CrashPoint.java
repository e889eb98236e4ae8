package io.modelbatch;

import java.util.concurrent.atomic.AtomicInteger;

/** Moments at which a process may die, and one that does: as suddenly as by {@code kill -9}, because no hook runs. */
enum CrashPoint {
    BEFORE_UPLOAD(8),
    AFTER_UPLOAD(8),
    BEFORE_COMMIT(60),
    AFTER_COMMIT(60),
    BEFORE_MANIFEST(1),
    DURING_MANIFEST(1),
    AFTER_MANIFEST(1),
    DURING_TAKEOVER(1),
    IN_CHECKPOINT(9),
    BEFORE_REMOVAL(12),
    AFTER_REMOVAL(12);

    /** The environment variable that chooses one: its name, a colon, and which time it is reached, from 1. */
    static final String VARIABLE = "CRASH_AT";

    private static final int KILLED = 137;
    private static final String[] CHOSEN =
            System.getenv().getOrDefault(VARIABLE, "NONE:0").split(":", 2);

    private final int often;
    private final AtomicInteger times = new AtomicInteger();

    CrashPoint(int often) {
        this.often = often;
    }

    /** About how often a run comes here. */
    int often() {
        return often;
    }

    /** The process is here. */
    void reached() {
        if (isChosen()) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** The process begins what takes a moment, and may die within it. */
    void begins() {
        if (isChosen()) {
            Thread death = new Thread(() -> Runtime.getRuntime().halt(KILLED));
            death.start();
        }
    }

    private boolean isChosen() {
        return name().equals(CHOSEN[0]) && times.incrementAndGet() == Integer.parseInt(CHOSEN[1]);
    }
}
