package io.modelbatch.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;

/** Names of objects that make Jobs, of which there are several for a job file. */
final class ObjectName {
    /** A Job's name is a label of its pods, which has 63 characters at most. Whoever makes Jobs adds 11 or fewer of them. */
    private static final int LONGEST = 52;

    private static final int HASH = 6;

    private ObjectName() {}

    /** The workers of a job. */
    static String ofWorkers(String job) {
        return of(job, "-workers");
    }

    /** Workers that take over when a run has lost too many. */
    static String ofWorkersOnDemand(String job) {
        return of(job, "-on-demand");
    }

    /** The job's name with an ending. A name that is too long is shortened, and a hash keeps it unique. */
    static String of(String job, String ending) {
        String name = job + ending;
        if (name.length() <= LONGEST) {
            return name;
        }
        String hash = Hashing.sha256().hashString(job, UTF_8).toString().substring(0, HASH);
        String start = job.substring(0, LONGEST - ending.length() - HASH - 1);
        return start.replaceAll("-+$", "") + "-" + hash + ending;
    }
}
