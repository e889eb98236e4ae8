package io.modelbatch.launch;

import io.modelbatch.base.Remedy;
import io.modelbatch.report.RunReport;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.RunName;
import io.modelbatch.run.RunSummary;
import io.modelbatch.step.FailureCause;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;

/** Says how a run ended, and leaves its report beside its artifacts. */
final class FinishRun {
    private static final Logger log = LoggerFactory.getLogger(FinishRun.class);

    private final RunCatalog catalog;
    private final JobRepository repository;
    private final RunReports reports;
    private final BuildReport build;
    private final FindReport find;
    private final Disks disks;
    private final RunMetrics metrics;

    FinishRun(
            RunCatalog catalog,
            JobRepository repository,
            RunReports reports,
            BuildReport build,
            FindReport find,
            Disks disks,
            RunMetrics metrics) {
        this.catalog = catalog;
        this.repository = repository;
        this.reports = reports;
        this.build = build;
        this.find = find;
        this.disks = disks;
        this.metrics = metrics;
    }

    /** To be cared for before a run, so that it can be finished. */
    Disks disks() {
        return disks;
    }

    /** To be told what happens. */
    RunMetrics metrics() {
        return metrics;
    }

    /** Keeps the report of a run up to date, until it is closed. */
    KeepReport keepReport(ActiveRun run, TypedCommand resume) {
        return KeepReport.of(run, resume, catalog, build, reports);
    }

    RunOutcome ended(JobExecution execution, RunLog log, TypedCommand resume) {
        return ended(execution, FailureCause.of(execution.getAllFailureExceptions()), log, resume);
    }

    /** For a cause that the execution does not name. */
    RunOutcome ended(JobExecution execution, Optional<FailureCause> failure, RunLog runLog, TypedCommand resume) {
        ExitCode exit = exit(execution.getStatus(), failure);
        Optional<String> cause = exit == ExitCode.COMPLETED || exit == ExitCode.STOPPED
                ? Optional.empty()
                : failure.map(FailureCause::message);
        if (exit != ExitCode.COMPLETED) {
            execution.setExitStatus(new ExitStatus(exit.name(), cause.orElse("")));
            repository.update(execution);
        }
        RunSummary run = summary(execution);
        Optional<String> log = runLog.keep(execution, catalog.folder(run));
        List<NextCommand> next = NextCommand.after(exit, failure, resume);
        RunOutcome outcome = new RunOutcome(exit, run, Optional.empty(), log, cause, next, true);
        return outcome.reportedAt(report(outcome));
    }

    RunOutcome alreadyComplete(JobExecution execution, TypedCommand resume) {
        RunSummary run = summary(execution);
        Optional<ReportFiles> report = run.pruned() == null ? existing(run, resume) : Optional.empty();
        return new RunOutcome(ExitCode.COMPLETED, run, report, Optional.empty(), Optional.empty(), List.of(), false);
    }

    /** A process that was killed after the last commit of the run left none, or one of the run at work. */
    private Optional<ReportFiles> existing(RunSummary run, TypedCommand resume) {
        try {
            if (!find.isWritten(run)) {
                write(catalog.folder(run), build.of(run, resume));
            }
            return Optional.of(find.files(run));
        } catch (IOException | RuntimeException e) {
            log.warn("The report of {} could not be written", run.run(), e);
            return Optional.empty();
        }
    }

    private RunSummary summary(JobExecution execution) {
        JobInstance instance = execution.getJobInstance();
        return catalog.find(RunName.of(instance.getJobName(), instance.getInstanceId()))
                .orElseThrow();
    }

    /** A report that cannot be written does not make a run fail. */
    private Optional<ReportFiles> report(RunOutcome outcome) {
        RunSummary run = outcome.run();
        try {
            RunReport report = build.of(run, new BuildReport.Ending(outcome.cause(), outcome.log(), outcome.next()));
            write(catalog.folder(run), report);
            return Optional.of(find.files(run));
        } catch (IOException | RuntimeException e) {
            log.warn("The report of {} could not be written", run.run(), e);
            return Optional.empty();
        }
    }

    /** One that was written in the background may come in between. */
    private void write(ObjectUri folder, RunReport report) throws IOException {
        try {
            reports.write(folder, report);
        } catch (ObjectExistsException e) {
            reports.write(folder, report);
        }
    }

    private static ExitCode exit(BatchStatus status, Optional<FailureCause> failure) {
        return switch (status) {
            case COMPLETED -> ExitCode.COMPLETED;
            case STOPPED, STOPPING -> ExitCode.STOPPED;
            default ->
                failure.filter(cause -> cause.remedy() != Remedy.RETRY)
                        .map(cause -> ExitCode.FAILED_FOR_GOOD)
                        .orElse(ExitCode.FAILED);
        };
    }
}
