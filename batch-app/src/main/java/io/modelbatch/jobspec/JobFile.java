package io.modelbatch.jobspec;

import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlFormat;
import io.modelbatch.yaml.YamlMapping;
import io.modelbatch.yaml.YamlPosition;
import io.modelbatch.yaml.YamlReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A job file that has no problem as it is written. It becomes a {@link JobSpec} with the values of its parameters. */
public final class JobFile {
    private static final Interpolation OUTSIDE_STEPS = Interpolation.refused(
            name -> "${" + name + "} is replaced in the steps only; write $${" + name + "} for the literal text");

    private static final YamlFormat YAML = new YamlFormat("a job file", "job", 1 << 20, 20, "'steps'");

    private final StepTypes types;
    private final Path file;
    private final String name;
    private final JobDocument document;
    private final Map<String, ParameterDeclaration> parameters;
    private final List<StepSpec> steps;

    private JobFile(
            StepTypes types,
            Path file,
            String name,
            JobDocument document,
            Map<String, ParameterDeclaration> parameters,
            List<StepSpec> steps) {
        this.types = types;
        this.file = file;
        this.name = name;
        this.document = document;
        this.parameters = parameters;
        this.steps = List.copyOf(steps);
    }

    /** Reads a file. */
    static JobFile parse(StepTypes types, Path file, String name) {
        Problems problems = new Problems(file.toString());
        Optional<JobFile> job = new YamlReader(YAML, problems)
                .read(file)
                .flatMap(root -> parse(types, file, name, YamlPosition.root(root), problems));
        JobFileException.throwIfAny(problems);
        return job.orElseThrow();
    }

    private static Optional<JobFile> parse(
            StepTypes types, Path file, String name, YamlPosition root, Problems problems) {
        List<String> keys = Component.keysOf(JobDocument.class);
        YamlMapping entries = new YamlMapping(root, keys, problems);
        entries.refuseOthers(keys);
        Binder binder = new Binder(problems, key -> OUTSIDE_STEPS);
        Optional<JobDocument> document = binder.bind(JobDocument.class, entries);
        document.ifPresent(all -> entries.find("notify")
                .ifPresent(place -> IntStream.range(0, all.notifications().size())
                        .forEach(i -> all.notifications()
                                .get(i)
                                .problem()
                                .ifPresent(problem ->
                                        problems.add(place.start(), place.path() + "[" + i + "]", problem)))));
        Optional<YamlMapping> declared =
                entries.find("parameters").map(place -> new YamlMapping(place, List.of("NAME: { type: … }"), problems));
        Map<String, ParameterDeclaration> parameters =
                declared.map(all -> Parameters.declared(all, binder, problems)).orElse(Map.of());
        Set<String> names = declared.map(YamlMapping::keys).orElse(Set.of());
        List<StepSpec> steps = entries.find("steps")
                .map(place -> new Steps(
                                types, problems, Interpolation.checked(names, parameters), names, ResultValues.NONE)
                        .read(place))
                .orElse(List.of());
        return document.map(all -> new JobFile(types, file, name, all, parameters, steps));
    }

    /**
     * The job with these parameters.
     *
     * @param given values by name, as they were typed
     * @param clock decides what today is, in the zone of the schedule or else in UTC
     * @throws JobFileException when a parameter is unknown, missing or not of its type, or when the file does not fit with
     *     the values in it; with all problems
     */
    public JobSpec resolve(Map<String, String> given, Clock clock) {
        Problems typed = new Problems("command line");
        LocalDate today = LocalDate.now(clock.withZone(zone()));
        Map<String, ParameterValue> values = Parameters.resolved(parameters, given, today, typed);
        JobFileException.throwIfAny(typed);
        ReportOptions report = document.report() == null ? ReportOptions.DEFAULT : document.report();
        JobSpec job = new JobSpec(
                name,
                description(),
                schedule(),
                resources(),
                report,
                values,
                steps(values, ResultValues.NONE),
                results -> steps(values, results));
        job.with(
                new ForeseenResults(types, job.steps())); // what a value that is known now does not fit, is refused now
        return job;
    }

    private List<StepSpec> steps(Map<String, ParameterValue> values, ResultValues results) {
        Problems problems = new Problems(file.toString());
        YamlPosition place =
                new YamlPosition(document.steps(), "steps", document.steps().getStartMark());
        List<StepSpec> resolved =
                new Steps(types, problems, Interpolation.replaced(values), values.keySet(), results).read(place);
        JobFileException.throwIfAny(problems);
        return resolved;
    }

    private ZoneId zone() {
        Schedule schedule = schedule();
        return schedule == null ? ZoneOffset.UTC : schedule.zone();
    }

    /** The file's name without {@code .yaml}. */
    public String name() {
        return name;
    }

    /** The job's description; null when the file has none. */
    public @Nullable String description() {
        return document.description();
    }

    /** When the job is started by itself; null when it is only started by hand. */
    public @Nullable Schedule schedule() {
        return document.schedule();
    }

    /** The machine that the job wants; null when the file does not say. */
    public @Nullable Resources resources() {
        return document.resources();
    }

    /** The webhooks that are told how a run ended. */
    public List<Notification> notifications() {
        return document.notifications();
    }

    /** The parameters by name, in the order of the file. */
    public Map<String, ParameterDeclaration> parameters() {
        return parameters;
    }

    /** The names of the steps, in their order. */
    public List<String> steps() {
        return steps.stream().map(StepSpec::name).toList();
    }

    /** The options of the steps of one kind, in their order, as the file has them: before parameters have their values. */
    public <O extends Record> List<O> options(Class<O> kind) {
        return steps.stream()
                .map(StepSpec::options)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** The types of the steps, in their order. */
    public List<StepType<?>> stepTypes() {
        return steps.stream()
                .<StepType<?>>map(step -> types.find(step.type()).orElseThrow())
                .toList();
    }
}
