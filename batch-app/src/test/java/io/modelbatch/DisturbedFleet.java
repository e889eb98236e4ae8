package io.modelbatch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A manager and four workers, whose processes and database are disturbed at random moments. New workers take the place of those that ended, and the
 * manager's command is started again until it ends with 0.
 */
final class DisturbedFleet {
    /** Of the database: {@code off} lets it answer before a commit is on disk. */
    static final String SYNCHRONOUS_COMMIT = System.getProperty("synchronous-commit", "on");

    private static final int WORKERS = 4;
    private static final int KILLED = 137;
    private static final int STOPPED = 4;
    private static final int HELD = 5;
    private static final int FAILED = 1;

    private final Fleet fleet;
    private final PostgresServer server;
    private final Random random;
    private final List<Fleet.Member> workers = new ArrayList<>();
    /** Earlier starts of the manager's command that have not ended yet. */
    private final List<Fleet.Member> formerManagers = new ArrayList<>();

    private final List<Suspended> suspended = new ArrayList<>();
    private final Set<Fleet.Member> asked = new HashSet<>();
    private final Map<Disturbance, Integer> counts = new EnumMap<>(Disturbance.class);
    private final StringBuilder history = new StringBuilder();
    private final long start = System.nanoTime();
    private long databaseBack;
    private boolean databaseDown;

    /** A thing that happens to a fleet. */
    enum Disturbance {
        KILL_WORKER,
        STOP_WORKER,
        /** Shorter than the time after which a worker is thought gone. */
        SUSPEND_WORKER,
        /** Its partitions are taken by others meanwhile. */
        SUSPEND_WORKER_FOR_LONG,
        KILL_MANAGER,
        STOP_MANAGER,
        SUSPEND_MANAGER,
        /** Another process takes the run over meanwhile. */
        SUSPEND_MANAGER_FOR_LONG,
        RESTART_DATABASE,
        CRASH_DATABASE;

        boolean isOfManager() {
            return this == KILL_MANAGER
                    || this == STOP_MANAGER
                    || this == SUSPEND_MANAGER
                    || this == SUSPEND_MANAGER_FOR_LONG;
        }

        boolean isOfDatabase() {
            return this == RESTART_DATABASE || this == CRASH_DATABASE;
        }
    }

    private record Suspended(Fleet.Member member, long until) {}

    DisturbedFleet(Fleet fleet, PostgresServer server, Random random) {
        this.fleet = fleet;
        this.server = server;
        this.random = random;
    }

    /** The events so far, one line each. */
    String history() {
        return history.toString();
    }

    /** The number of events of each kind. */
    Map<Disturbance, Integer> counts() {
        return new EnumMap<>(counts);
    }

    /** Has a run completed, while these things happen in this order, some seconds apart. */
    void complete(List<Disturbance> disturbances, String workersMode, String... command) throws Exception {
        Iterator<Disturbance> next = disturbances.iterator();
        Fleet.Member manager = fleet.manager(workersMode, command);
        long at = after(Duration.ofSeconds(6));
        while (true) {
            wake(false);
            replaceWorkers();
            formerManagers.removeIf(this::hasEnded);
            if (!manager.isAlive()) {
                if (manager.process().exitValue() == 0) {
                    tell("the run is complete");
                    break;
                }
                hasEnded(manager);
                manager = fleet.manager(workersMode, command);
            }
            if (System.nanoTime() > at && !databaseDown && next.hasNext()) {
                Disturbance disturbance = next.next();
                if (disturb(disturbance, manager) && disturbance.isOfManager() && manager.isAlive()) {
                    // As a scheduler does that starts the same command again.
                    formerManagers.add(manager);
                    manager = fleet.manager(workersMode, command);
                }
                at = after(Duration.ofMillis(1_500 + random.nextInt(3_500)));
            }
            Thread.sleep(100);
        }
        wake(true);
        for (Fleet.Member former : formerManagers) {
            former.await();
            hasEnded(former);
        }
        formerManagers.clear();
    }

    /** True when it could happen. */
    private boolean disturb(Disturbance disturbance, Fleet.Member manager) throws Exception {
        List<Fleet.Member> running = workers.stream()
                .filter(worker -> worker.isAlive() && !asked.contains(worker) && !isSuspended(worker))
                .toList();
        if (!disturbance.isOfManager() && !disturbance.isOfDatabase() && running.isEmpty()
                || disturbance.isOfManager() && !manager.isAlive()) {
            return false;
        }
        counts.merge(disturbance, 1, Integer::sum);
        Fleet.Member worker = running.isEmpty() ? manager : running.get(random.nextInt(running.size()));
        switch (disturbance) {
            case KILL_WORKER -> signal(worker, "KILL");
            case STOP_WORKER -> signal(worker, "TERM");
            case SUSPEND_WORKER -> suspend(worker, 2 + random.nextInt(10));
            case SUSPEND_WORKER_FOR_LONG -> suspend(worker, 65 + random.nextInt(15));
            case KILL_MANAGER -> signal(manager, "KILL");
            case STOP_MANAGER -> signal(manager, "TERM");
            case SUSPEND_MANAGER -> suspend(manager, 2 + random.nextInt(10));
            case SUSPEND_MANAGER_FOR_LONG -> suspend(manager, 25 + random.nextInt(15));
            case RESTART_DATABASE -> {
                tell("the database stops");
                server.stop();
                databaseDown();
            }
            case CRASH_DATABASE -> {
                tell("the database crashes");
                server.crash();
                databaseDown();
            }
        }
        return true;
    }

    private void databaseDown() {
        databaseDown = true;
        databaseBack = after(Duration.ofMillis(random.nextInt(12_000)));
    }

    private void signal(Fleet.Member member, String signal) throws IOException, InterruptedException {
        asked.add(member);
        tell(name(member) + " gets SIG" + signal);
        member.signal(signal);
    }

    private void suspend(Fleet.Member member, int seconds) throws IOException, InterruptedException {
        tell(name(member) + " is suspended for " + seconds + " s");
        member.signal("STOP");
        suspended.add(new Suspended(member, after(Duration.ofSeconds(seconds))));
    }

    private boolean isSuspended(Fleet.Member member) {
        return suspended.stream().anyMatch(each -> each.member().equals(member));
    }

    private void wake(boolean all) throws Exception {
        for (Suspended each : List.copyOf(suspended)) {
            if (all || System.nanoTime() > each.until()) {
                tell(name(each.member()) + " wakes up");
                each.member().signal("CONT");
                suspended.remove(each);
            }
        }
        if (databaseDown && (all || System.nanoTime() > databaseBack)) {
            server.startAgain();
            databaseDown = false;
            tell("the database is back");
        }
    }

    private void replaceWorkers() throws IOException {
        workers.removeIf(this::hasEnded);
        while (workers.size() < WORKERS) {
            workers.add(fleet.worker());
        }
    }

    /** Also holds that a process ended as it may. */
    private boolean hasEnded(Fleet.Member member) {
        if (member.isAlive()) {
            return false;
        }
        int exit = member.process().exitValue();
        tell(name(member) + " ended with " + exit);
        boolean isWorker = workers.contains(member);
        Set<Integer> allowed =
                new HashSet<>(isWorker ? Set.<Integer>of() : Set.of(0, HELD)); // also just before a signal
        if (!isWorker && SYNCHRONOUS_COMMIT.equals("off")) {
            allowed.add(STOPPED); // of a run that lost the end of a partition
        }
        if (asked.contains(member)) {
            allowed.addAll(Set.of(0, STOPPED, KILLED, 128 + 15));
        }
        // A process that needs the database may fail when it is restarted, if its user can repeat the command.
        boolean database = counts.keySet().stream().anyMatch(Disturbance::isOfDatabase);
        if (!allowed.contains(exit) && !(exit == FAILED && database && !(isWorker && isReady(member)))) {
            throw new AssertionError(name(member) + " ended with " + exit + "\n" + text(member));
        }
        return true;
    }

    private static boolean isReady(Fleet.Member worker) {
        return text(worker).contains("worker-ready");
    }

    private static String text(Fleet.Member member) {
        try {
            return member.text();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String name(Fleet.Member member) {
        return (workers.contains(member) ? "worker " : "manager ")
                + member.process().pid() + " (" + member.output().getFileName() + ")";
    }

    private void tell(String what) {
        history.append("%6.1f s  %s%n".formatted((System.nanoTime() - start) / 1e9, what));
    }

    private static long after(Duration time) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(time.toMillis());
    }
}
