package io.modelbatch.kubernetes;

import io.modelbatch.extension.ResultStepType;
import io.modelbatch.extension.StepType;
import io.modelbatch.jobspec.JobFile;
import java.util.Set;

/**
 * Processes that share the partitions of a run.
 *
 * @param most their largest number at a time
 * @param scaling the way in which they are started
 */
public record Workers(int most, Scaling scaling) {
    /** Types whose steps wait for a service, or copy files: any machine will do. */
    private static final Set<String> WAITING = Set.of("extract", "load", "publish", "upload", "download");

    /** A way to start workers. */
    public enum Scaling {
        /** KEDA, by the number of partitions that are waiting or executed. */
        KEDA("keda"),
        /** A CronJob with the schedule of the job: all workers at once. */
        INDEXED_JOB("indexed-job");

        private final String word;

        Scaling(String word) {
            this.word = word;
        }

        /** As it is typed. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** True if the job has a step whose partitions workers execute. */
    public static boolean canHelp(JobFile job) {
        return job.stepTypes().stream().anyMatch(ResultStepType.class::isInstance);
    }

    /** True if the manager of such a run only waits: then it needs no accelerator. */
    static boolean doAllTheComputing(JobFile job) {
        return job.stepTypes().stream().allMatch(Workers::needsNoMachine);
    }

    private static boolean needsNoMachine(StepType<?> type) {
        return type instanceof ResultStepType<?> || WAITING.contains(type.key());
    }
}
