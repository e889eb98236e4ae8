package io.modelbatch.run;

import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;
import java.util.Map;

/** An event of a run, sent while it happens. */
public sealed interface RunEvent
        permits RunEvent.Started,
                RunEvent.StepStarted,
                RunEvent.Stage,
                RunEvent.Rows,
                RunEvent.Workers,
                RunEvent.Training,
                RunEvent.Output,
                RunEvent.ProgressBar,
                RunEvent.Result,
                RunEvent.StepEnded,
                RunEvent.Waiting,
                RunEvent.Warning,
                RunEvent.Stopping {
    /** A run starts or is resumed. */
    record Started(String run, Map<String, String> parameters, Mode mode) implements RunEvent {}

    /** A step starts. */
    record StepStarted(String run, String step) implements RunEvent {}

    /** A step begins with work that takes a while and counts no rows. */
    record Stage(String run, String step, String words) implements RunEvent {}

    /** Rows of a step are written: {@code done} of {@code total}, earlier executions included. */
    record Rows(String run, String step, long done, long total) implements RunEvent {}

    /** Another number of workers executes the partitions of a step: those that are not over are waiting or at work. */
    record Workers(String run, String step, int workers, int partitions) implements RunEvent {}

    /** A stage of a training. */
    record Training(String run, String step, TrainingProgress progress) implements RunEvent {}

    /** A line that a program printed, without control sequences. */
    record Output(String run, String step, String line) implements RunEvent {}

    /** A line that a program draws again and again, as a progress bar; empty when it has ended. */
    record ProgressBar(String run, String step, String line) implements RunEvent {}

    /** Facts that a step found, made or decided. */
    record Result(String run, String step, Facts facts) implements RunEvent {}

    /** A step ends. */
    record StepEnded(String run, String step, String status, long rows, double seconds) implements RunEvent {}

    /** A run continues when something that it needs is available again. */
    record Waiting(String run, String reason) implements RunEvent {}

    /** Something failed that does not fail the run. */
    record Warning(String run, String message) implements RunEvent {}

    /** A run was asked to stop. */
    record Stopping(String run) implements RunEvent {}

    /** The reason why an execution starts. */
    enum Mode {
        NEW,
        RESUMED
    }
}
