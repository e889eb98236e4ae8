package io.modelbatch.run;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.run.claim.ClaimLostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/** Turns what Spring Batch and the steps say into the events of a run. */
public final class RunEvents implements StepProgress, JobExecutionListener, StepExecutionListener {
    private final Map<String, Stopwatch> watches = new ConcurrentHashMap<>();
    private final Ticker ticker;
    private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();
    private volatile String run = "";
    private Map<String, String> parameters = Map.of();
    private RunEvent.Mode mode = RunEvent.Mode.NEW;

    /**
     * Events of a run.
     *
     * @param ticker measures how long steps take; the time of day may jump
     * @param listener told each event; called by several threads at once
     */
    RunEvents(Ticker ticker, Consumer<RunEvent> listener) {
        this.ticker = ticker;
        listeners.add(listener);
    }

    /** Tells one more listener, after the others. */
    public void add(Consumer<RunEvent> listener) {
        listeners.add(listener);
    }

    /** Tells a listener no more. */
    public void remove(Consumer<RunEvent> listener) {
        listeners.remove(listener);
    }

    private void tell(RunEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Sets what the next execution begins with. */
    public void expect(Map<String, String> runParameters, RunEvent.Mode runMode) {
        parameters = runParameters;
        mode = runMode;
    }

    /** The run waits. */
    public void waits(String reason) {
        waits(run, reason);
    }

    /** Before the run has a name. */
    public void waits(String command, String reason) {
        tell(new RunEvent.Waiting(command, reason));
    }

    @Override
    public void warns(String message) {
        tell(new RunEvent.Warning(run, message));
    }

    void stops() {
        tell(new RunEvent.Stopping(run));
    }

    @Override
    public void beforeJob(JobExecution execution) {
        run = RunName.of(
                execution.getJobInstance().getJobName(),
                execution.getJobInstance().getInstanceId());
        tell(new RunEvent.Started(run, parameters, mode));
    }

    @Override
    public void beforeStep(StepExecution step) {
        watches.put(step.getStepName(), Stopwatch.createStarted(ticker));
        tell(new RunEvent.StepStarted(run, step.getStepName()));
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        List<Throwable> failures = step.getJobExecution().getAllFailureExceptions();
        if (RepositoryOutage.among(failures).isPresent()) {
            return null; // no failure of the step: the run waits for the repository and continues there
        }
        if (ClaimLostException.isAmong(failures)) {
            return null; // the step is that of another process now
        }
        Stopwatch watch = watches.getOrDefault(step.getStepName(), Stopwatch.createUnstarted(ticker));
        double seconds = watch.elapsed(TimeUnit.MILLISECONDS) / 1000.0;
        tell(new RunEvent.StepEnded(run, step.getStepName(), step.getStatus().name(), step.getReadCount(), seconds));
        return null;
    }

    @Override
    public void stage(String step, String words) {
        tell(new RunEvent.Stage(run, step, words));
    }

    @Override
    public void rows(String step, long done, long total) {
        tell(new RunEvent.Rows(run, step, done, total));
    }

    @Override
    public void workers(String step, int workers, int partitions) {
        tell(new RunEvent.Workers(run, step, workers, partitions));
    }

    @Override
    public void training(String step, TrainingProgress progress) {
        tell(new RunEvent.Training(run, step, progress));
    }

    @Override
    public void output(String step, String line) {
        tell(new RunEvent.Output(run, step, line));
    }

    @Override
    public void progressBar(String step, String line) {
        tell(new RunEvent.ProgressBar(run, step, line));
    }

    @Override
    public void result(String step, Facts facts) {
        tell(new RunEvent.Result(run, step, facts));
    }
}
