package io.modelbatch.launch;

import io.modelbatch.base.Remedy;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.report.ReportedProcess;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.report.RunReport;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunDefinition;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.RunName;
import io.modelbatch.run.RunSummary;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.StepFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** Says how a run ended, and leaves its report beside its artifacts. */
final class FinishRun {
    private static final Logger log = LoggerFactory.getLogger(FinishRun.class);

    private final RunCatalog catalog;
    private final JobRepository repository;
    private final RunReports reports;
    private final RunEnvironment environment;
    private final Disks disks;

    FinishRun(
            RunCatalog catalog, JobRepository repository, RunReports reports, RunEnvironment environment, Disks disks) {
        this.catalog = catalog;
        this.repository = repository;
        this.reports = reports;
        this.environment = environment;
        this.disks = disks;
    }

    /** To be cared for before a run, so that it can be finished. */
    Disks disks() {
        return disks;
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
        return outcome.reportedAt(report(execution, outcome, resume));
    }

    RunOutcome alreadyComplete(JobExecution execution) {
        RunSummary run = summary(execution);
        Optional<String> report =
                run.pruned() == null ? Optional.of(reports.location(catalog.folder(run))) : Optional.empty();
        return new RunOutcome(ExitCode.COMPLETED, run, report, Optional.empty(), Optional.empty(), List.of(), false);
    }

    private RunSummary summary(JobExecution execution) {
        JobInstance instance = execution.getJobInstance();
        return catalog.find(RunName.of(instance.getJobName(), instance.getInstanceId()))
                .orElseThrow();
    }

    /** A report that cannot be written does not make a run fail. */
    private Optional<String> report(JobExecution execution, RunOutcome outcome, TypedCommand resume) {
        RunSummary run = outcome.run();
        RunOwner self = RunOwner.thisProcess();
        RunReport report = new RunReport(
                RunReport.VERSION,
                run.run(),
                run.job(),
                null,
                run.status(),
                run.parameters(),
                run.started(),
                run.ended(),
                run.seconds(),
                outcome.exit().code(),
                outcome.cause().orElse(null),
                outcome.next().stream()
                        .map(next -> new RunReport.Next(next.what(), next.command()))
                        .toList(),
                new ReportedProcess(
                        self.host(),
                        self.processId(),
                        resume.text(),
                        FinishRun.class.getPackage().getImplementationVersion()),
                outcome.log().orElse(null),
                environment,
                RunDefinition.of(execution).map(RunDefinition::accepted).orElse(List.of()),
                RunDefinition.of(execution).map(RunDefinition::settings).orElse(Map.of()),
                List.of(),
                null,
                null,
                run.steps().stream()
                        .map(step -> step(execution.getJobInstance(), step))
                        .toList());
        try {
            reports.write(catalog.folder(run), report);
            return Optional.of(reports.location(catalog.folder(run)));
        } catch (IOException e) {
            log.warn("The report of {} could not be written", run.run(), e);
            return Optional.empty();
        }
    }

    private RunReport.Step step(JobInstance instance, RunSummary.StepSummary step) {
        StepExecution last = repository.getLastStepExecution(instance, step.name());
        return new RunReport.Step(
                step.name(),
                null,
                step.status(),
                step.rows(),
                step.rejected(),
                step.partitions(),
                step.restarts(),
                step.seconds(),
                step.rowsPerSecond(),
                List.of(),
                List.of(),
                List.of(),
                Optional.ofNullable(last).flatMap(StepFacts::of).orElse(OwnFacts.NONE));
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
