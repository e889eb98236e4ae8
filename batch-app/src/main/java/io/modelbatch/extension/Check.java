package io.modelbatch.extension;

import java.util.Optional;

/**
 * Something that a job needs, found out without doing the job's work.
 *
 * @param subject the thing to check; of several checks with the same subject and job one is made
 * @param job the job that it belongs to; empty for what is the same for all jobs
 * @param probe looks
 */
public record Check(String subject, Optional<String> job, Probe probe) {
    /** A check of what is the same for all jobs. */
    public Check(String subject, Probe probe) {
        this(subject, Optional.empty(), probe);
    }

    /** A check of what belongs to a step of a job; the subject is followed by the names of both. */
    public static Check of(JobStep<?> step, String subject, Probe probe) {
        return new Check(subject + " of '" + step.name() + "'", Optional.of(step.job()), probe);
    }

    /** Looks at one thing. */
    @FunctionalInterface
    public interface Probe {
        /**
         * Looks.
         *
         * @return the findings, in words
         * @throws Exception says what is wrong and what helps
         */
        String look() throws Exception;
    }
}
