package io.modelbatch.launch;

import io.modelbatch.facts.Answered;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Extracted;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.report.Attempt;
import io.modelbatch.report.Cost;
import io.modelbatch.report.Drift;
import io.modelbatch.report.Pace;
import io.modelbatch.report.Prices;
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
import io.modelbatch.step.rows.CommittedPace;
import io.modelbatch.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * Makes the report of a run from the job repository, in a fixed number of statements, whatever the number of its executions and
 * partitions. It changes nothing, so any process may do it, also while another one works on the run.
 */
final class BuildReport {
    private static final double SECONDS_PER_HOUR = 3600;

    private final RunCatalog catalog;
    private final RunHistory history;
    private final SampledFacts sampled;
    private final CommittedPace committed;
    private final RunReports reports;
    private final ObjectStore store;
    private final RunEnvironment environment;
    private final Prices prices;

    BuildReport(
            RunCatalog catalog,
            RunHistory history,
            SampledFacts sampled,
            CommittedPace committed,
            RunReports reports,
            ObjectStore store,
            RunEnvironment environment,
            Prices prices) {
        this.catalog = catalog;
        this.history = history;
        this.sampled = sampled;
        this.committed = committed;
        this.reports = reports;
        this.store = store;
        this.environment = environment;
        this.prices = prices;
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
        long instance = RunCatalog.instance(run);
        Map<Long, ExecutionContext> contexts = history.executions(instance);
        List<RunTimeline.Execution> starts = timeline.executions();
        ExecutionContext last =
                contexts.getOrDefault(starts.get(starts.size() - 1).id(), new ExecutionContext());
        Optional<RunDefinition> definition = RunDefinition.of(last);
        Map<String, String> settings = definition.map(RunDefinition::written).orElse(Map.of());
        boolean samples =
                Boolean.TRUE.equals(definition.map(RunDefinition::samples).orElse(false));
        Map<String, Facts> facts = samples ? sampled.with(instance) : sampled.without(instance);
        Optional<RunSummary> previous = catalog.previous(run);
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
                previous.map(this::previous).orElse(null),
                cost(run, settings, facts).orElse(null),
                steps(run, settings, executions, facts, before(facts, previous)));
    }

    /**
     * The words about the end of a run.
     *
     * @param cause of a failure; empty when there was none
     * @param log where the log of the last execution is, when that is not the run's folder
     * @param next the commands that an operator may type next
     */
    record Ending(Optional<String> cause, Optional<String> log, List<NextCommand> next) {
        Ending(Optional<String> cause, List<NextCommand> next) {
            this(cause, Optional.empty(), next);
        }
    }

    /** The distributions of the previous run; none as long as there is nothing to compare them with. */
    private Map<String, Distributions> before(Map<String, Facts> facts, Optional<RunSummary> previous)
            throws IOException {
        return previous.isPresent() && facts.values().stream().anyMatch(Answered.class::isInstance)
                ? reports.distributions(catalog.folder(previous.get()))
                : Map.of();
    }

    private static List<Drift> drift(@Nullable Facts facts, @Nullable Distributions before) {
        return before != null && facts instanceof Answered answered && answered.distributions() != null
                ? Drift.between(answered.distributions(), before)
                : List.of();
    }

    /** A step that has the option {@code device} has a model in use. */
    private Optional<Cost> cost(RunSummary run, Map<String, String> settings, Map<String, Facts> facts) {
        List<Long> bytes = facts.values().stream()
                .flatMap(each ->
                        each instanceof Extracted extracted ? Stream.ofNullable(extracted.bytes()) : Stream.of())
                .toList();
        double seconds = run.steps().stream()
                .filter(step -> settings.containsKey(step.name() + ".device"))
                .mapToDouble(RunSummary.StepSummary::seconds)
                .sum();
        return prices.cost(
                bytes.isEmpty()
                        ? null
                        : bytes.stream().mapToLong(Long::longValue).sum(),
                seconds / SECONDS_PER_HOUR,
                facts.values().stream()
                        .flatMap(each ->
                                each instanceof Answered answered ? Stream.ofNullable(answered.device()) : Stream.of())
                        .findFirst()
                        .orElse(null));
    }

    private List<RunReport.Step> steps(
            RunSummary run,
            Map<String, String> settings,
            Executions executions,
            Map<String, Facts> facts,
            Map<String, Distributions> before) {
        Map<String, List<Attempt>> attempts = executions.attempts();
        Map<String, List<CommittedPace.Interval>> paces = committed.of(RunCatalog.instance(run));
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
                        paces.getOrDefault(step.name(), List.of()).stream()
                                .map(BuildReport::pace)
                                .toList(),
                        drift(facts.get(step.name()), before.get(step.name())),
                        facts.getOrDefault(step.name(), OwnFacts.NONE)))
                .toList();
    }

    private RunReport.@Nullable Previous previous(RunSummary previous) {
        return previous.ended() == null
                ? null
                : new RunReport.Previous(previous.run(), previous.ended(), reports.location(catalog.folder(previous)));
    }

    private static Pace pace(CommittedPace.Interval interval) {
        return new Pace(interval.from(), interval.seconds(), interval.rows(), interval.tokens());
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
