package io.modelbatch.worker;

/** A thing that a worker does, in the order of doing. */
public sealed interface WorkerEvent
        permits WorkerEvent.Ready,
                WorkerEvent.Taken,
                WorkerEvent.Ended,
                WorkerEvent.Refused,
                WorkerEvent.Waiting,
                WorkerEvent.Warning,
                WorkerEvent.NotNeeded,
                WorkerEvent.Idle,
                WorkerEvent.Stopping {
    /**
     * It is ready to take partitions.
     *
     * @param worker its name in the job repository
     * @param device the device that it computes on: cpu or gpu
     * @param partitions number of partitions that it executes at a time
     */
    record Ready(String worker, String device, int partitions) implements WorkerEvent {}

    /**
     * It takes a partition.
     *
     * @param run the name of its run
     * @param partition its step and number, such as infer:3
     */
    record Taken(String run, String partition) implements WorkerEvent {}

    /**
     * It does not execute a partition any more.
     *
     * @param status its status then: COMPLETED, STOPPED, FAILED, or {@link #LOST}
     * @param rows rows that it read
     * @param seconds time since it took it
     */
    record Ended(String run, String partition, String status, long rows, double seconds) implements WorkerEvent {
        /** The partition, or its run, is now that of another process. */
        public static final String LOST = "LOST";
    }

    /**
     * It cannot execute the partitions of a step, and leaves them to other workers.
     *
     * @param reason the lack, in words
     */
    record Refused(String run, String step, String reason) implements WorkerEvent {}

    /** The job repository does not answer. */
    record Waiting(String reason) implements WorkerEvent {}

    /** Something failed that does not keep it from working. */
    record Warning(String message) implements WorkerEvent {}

    /** As many workers of its kind are there as may be: it ends. */
    record NotNeeded(int workers, String device) implements WorkerEvent {}

    /** It had nothing to do for that long, and ends. */
    record Idle(long seconds) implements WorkerEvent {}

    /** It gives its partitions back and ends. */
    record Stopping() implements WorkerEvent {}
}
