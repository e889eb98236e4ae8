package io.modelbatch.launch;

import io.modelbatch.facts.Facts;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.report.Attempt;
import io.modelbatch.report.ReportedProcess;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.report.RunReport;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ExecutionProcess;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunDefinition;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.RunSummary;
import io.modelbatch.run.RunTimeline;
import io.modelbatch.step.RunHistory;
import io.modelbatch.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * Makes the report of a run from the job repository, in a fixed number of statements, whatever the number of its executions and
 * partitions. It changes nothing, so any process may do it, also while another one works on the run.
 */
final class BuildReport {
    private final RunCatalog catalog;
    private final RunHistory history;
    private final RunReports reports;
    private final ObjectStore store;
    private final RunEnvironment environment;

    BuildReport(
            RunCatalog catalog, RunHistory history, RunReports reports, ObjectStore store, RunEnvironment environment) {
        this.catalog = catalog;
        this.history = history;
        this.reports = reports;
        this.store = store;
        this.environment = environment;
    }

    /**
     * The report of a run as it is now.
     *
     * @param resume the command that resumes it
     */
    RunReport of(RunSummary run, TypedCommand resume) throws IOException {
        return of(run, new Ending(Optional.ofNullable(run.cause()), NextCommand.after(run, resume)));
    }

    /** The report of a run whose end is known better than the job repository has it. */
    RunReport of(RunSummary run, Ending ending) throws IOException {
        RunTimeline timeline = catalog.timeline(run);
        Map<Long, ExecutionContext> contexts = history.executions(RunCatalog.instance(run));
        List<RunTimeline.Execution> starts = timeline.executions();
        ExecutionContext last =
                contexts.getOrDefault(starts.get(starts.size() - 1).id(), new ExecutionContext());
        Optional<RunDefinition> definition = RunDefinition.of(last);
        Map<String, String> settings = definition.map(RunDefinition::settings).orElse(Map.of());
        Executions executions = new Executions(timeline, contexts, RunLog.kept(store, catalog.folder(run)), ending);
        return new RunReport(
                RunReport.VERSION,
                run.run(),
                run.job(),
                definition.map(RunDefinition::description).orElse(null),
                run.status(),
                run.parameters(),
                run.started(),
                run.ended(),
                run.seconds(),
                run.exit(),
                ending.cause().orElse(null),
                ending.next().stream()
                        .map(next -> new RunReport.Next(next.what(), next.command()))
                        .toList(),
                ExecutionProcess.of(last).map(BuildReport::process).orElse(null),
                executions.lastLog(),
                environment,
                definition.map(RunDefinition::accepted).orElse(List.of()),
                settings,
                executions.reported(),
                catalog.previous(run).map(this::previous).orElse(null),
                null,
                steps(run, settings, executions));
    }

    /**
     * The words about the end of a run.
     *
     * @param cause of a failure; empty when there was none
     * @param log where the log of the last execution is, when that is not the run's folder
     * @param next what an operator may type next
     */
    record Ending(Optional<String> cause, Optional<String> log, List<NextCommand> next) {
        Ending(Optional<String> cause, List<NextCommand> next) {
            this(cause, Optional.empty(), next);
        }
    }

    private List<RunReport.Step> steps(RunSummary run, Map<String, String> settings, Executions executions) {
        Map<String, Facts> facts = history.facts(RunCatalog.instance(run));
        Map<String, List<Attempt>> attempts = executions.attempts();
        return run.steps().stream()
                .map(step -> new RunReport.Step(
                        step.name(),
                        settings.get(step.name()),
                        step.status(),
                        step.rows(),
                        step.rejected(),
                        step.partitions(),
                        step.restarts(),
                        step.seconds(),
                        step.rowsPerSecond(),
                        attempts.getOrDefault(step.name(), List.of()),
                        List.of(),
                        List.of(),
                        facts.getOrDefault(step.name(), OwnFacts.NONE)))
                .toList();
    }

    private RunReport.@Nullable Previous previous(RunSummary previous) {
        return previous.ended() == null
                ? null
                : new RunReport.Previous(previous.run(), previous.ended(), reports.location(catalog.folder(previous)));
    }

    private static ReportedProcess process(ExecutionProcess process) {
        return new ReportedProcess(process.host(), process.processId(), process.command(), process.version());
    }

    /**
     * The executions of a run with what else is known of each.
     *
     * @param contexts by the id of the execution
     * @param logs where the logs in the run's folder are, by the id of the execution
     */
    private record Executions(
            RunTimeline timeline, Map<Long, ExecutionContext> contexts, Map<Long, String> logs, Ending ending) {
        List<RunReport.Execution> reported() {
            List<RunReport.Execution> reported = new ArrayList<>();
            List<RunTimeline.Execution> all = timeline.executions();
            for (RunTimeline.Execution execution : all) {
                boolean isLast = execution.equals(all.get(all.size() - 1));
                reported.add(new RunReport.Execution(
                        reported.size() + 1,
                        execution.status(),
                        execution.started(),
                        execution.ended(),
                        execution.exit(),
                        isLast ? ending.cause().orElse(null) : execution.cause(),
                        Optional.ofNullable(contexts.get(execution.id()))
                                .flatMap(ExecutionProcess::of)
                                .map(ExecutionProcess::host)
                                .orElse(null),
                        isLast ? lastLog() : logs.get(execution.id())));
            }
            return reported;
        }

        @Nullable
        String lastLog() {
            List<RunTimeline.Execution> all = timeline.executions();
            return ending.log().orElse(logs.get(all.get(all.size() - 1).id()));
        }

        /** By step. */
        Map<String, List<Attempt>> attempts() {
            Map<Long, Integer> numbers = new LinkedHashMap<>();
            timeline.executions().forEach(execution -> numbers.put(execution.id(), numbers.size() + 1));
            Map<String, List<Attempt>> attempts = new LinkedHashMap<>();
            for (RunTimeline.StepPart part : timeline.steps()) {
                attempts.computeIfAbsent(part.step(), step -> new ArrayList<>())
                        .add(new Attempt(
                                numbers.getOrDefault(part.execution(), 0),
                                part.partition(),
                                part.status(),
                                part.started(),
                                part.ended(),
                                part.rows()));
            }
            return attempts;
        }
    }
}
