package io.modelbatch.run.claim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A process that may hold a run.
 *
 * @param id unique: no two claims have the same
 * @param machine host name, boot and process namespace: equal only where process ids mean the same processes
 * @param processId its process id there
 * @param processStarted when it started, epoch milliseconds: tells it from a later process with the same id
 */
public record RunOwner(String id, String machine, long processId, long processStarted) {
    /** This process, for one claim: with an id of its own. */
    public static RunOwner thisProcess() {
        ProcessHandle process = ProcessHandle.current();
        return new RunOwner(UUID.randomUUID().toString(), thisMachine(), process.pid(), started(process));
    }

    /** True if the process is known to be gone. False where it cannot be known, as on another machine. */
    public boolean isDead() {
        return machine.equals(thisMachine())
                && ProcessHandle.of(processId)
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> started(process) == processStarted)
                        .isEmpty();
    }

    /** The host name alone. */
    public String host() {
        return machine.split(" ", 2)[0];
    }

    private static long started(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
    }

    private static String thisMachine() {
        return hostName() + " " + firstLine(Path.of("/proc/sys/kernel/random/boot_id")) + " "
                + linkTarget(Path.of("/proc/self/ns/pid"));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "localhost";
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String linkTarget(Path link) {
        try {
            return Files.exists(link) ? Files.readSymbolicLink(link).toString() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
