package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.ResultReference;
import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlMapping;
import io.modelbatch.yaml.YamlPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a job's list of steps, and checks that each finds before it what it works on. */
final class Steps {
    private static final Interpolation IN_QUERY = Interpolation.refused(name -> name.startsWith(ResultReference.PREFIX)
            ? "${" + name + "} is not replaced in a query; a query has the job's parameters only, as @name"
            : "${" + name + "} is not replaced in a query; use @" + name + ", a typed query parameter");
    private static final Interpolation IN_NAME =
            Interpolation.refused(name -> "${" + name + "} is not replaced in a step's name");

    private final StepTypes types;
    private final String allowed;
    private final Problems problems;
    private final Interpolation interpolation;
    private final Set<String> parameters;
    private final ResultValues results;
    private final List<Found> found = new ArrayList<>();

    /** A step whose type is known; without its specification when that has problems. */
    private record Found(StepType<?> type, YamlPosition place, Optional<StepSpec> spec) {
        /** The position of one of the options, or of the step that lacks it. */
        YamlPosition option(String key) {
            return new YamlMapping(place, List.of(), new Problems("")).find(key).orElse(place);
        }
    }

    /**
     * @param types all that a step can be
     * @param interpolation for the texts of all steps
     * @param parameters the names of the job's parameters
     * @param results the values that references to earlier steps have so far
     */
    Steps(
            StepTypes types,
            Problems problems,
            Interpolation interpolation,
            Set<String> parameters,
            ResultValues results) {
        this.types = types;
        this.allowed = "allowed: " + String.join(", ", types.keys());
        this.problems = problems;
        this.interpolation = interpolation;
        this.parameters = parameters;
        this.results = results;
    }

    /** The steps that have no problem. */
    List<StepSpec> read(YamlPosition place) {
        if (!(place.node() instanceof SequenceNode sequence)) {
            problems.add(
                    place.start(),
                    place.path(),
                    "must be a list of steps (lines that start with '- '), not " + place.found());
            return List.of();
        }
        List<Node> items = sequence.getValue();
        if (items.isEmpty()) {
            problems.add(place.start(), place.path(), "is empty; a job has at least one step; " + allowed);
        }
        List<YamlPosition> places = IntStream.range(0, items.size())
                .mapToObj(i -> place.item(i, items.get(i)))
                .toList();
        List<EarlierResults.Named> named = IntStream.range(0, places.size())
                .boxed()
                .flatMap(i -> steps(places.get(i)).map(step -> named(i, step)))
                .toList();
        for (int i = 0; i < places.size(); i++) {
            find(places.get(i), i, named);
        }
        // A step that was not understood may be the one that another needs.
        if (found.size() == items.size()) {
            checkNeeded();
        }
        checkNames();
        checkByType();
        return found.stream().flatMap(step -> step.spec().stream()).toList();
    }

    private Stream<Found> steps(YamlPosition item) {
        return new YamlMapping(item, List.of(), new Problems(""))
                .byKey().entrySet().stream()
                        .flatMap(entry ->
                                types.find(entry.getKey()).stream().map(type -> found(type, entry.getValue())));
    }

    /** A step by the name that references have for it. */
    private static EarlierResults.Named named(int position, Found step) {
        YamlMapping options = new YamlMapping(step.place(), List.of(), new Problems(""));
        String name = options.find("name")
                .filter(value -> value.node() instanceof ScalarNode)
                .map(value -> ((ScalarNode) value.node()).getValue())
                .orElse(step.type().key());
        return new EarlierResults.Named(position, name, line(step.place()), step.type(), options.keys());
    }

    private static int line(YamlPosition place) {
        return place.start().getLine() + 1;
    }

    private void find(YamlPosition item, int position, List<EarlierResults.Named> named) {
        if (!(item.node() instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
            problems.add(item.start(), item.path(), notAStep(item));
            return;
        }
        YamlMapping entries = new YamlMapping(item, types.keys(), problems);
        Optional<Found> step = entries.byKey().entrySet().stream()
                .flatMap(entry -> types.find(entry.getKey()).stream().map(type -> found(type, entry.getValue())))
                .findFirst();
        if (entries.keys().size() == 1) {
            step.ifPresentOrElse(only -> found.add(bound(only, position, named)), () -> reportUnknown(entries));
        } else if (entries.keys().size() > 1) {
            String keys = String.join(", ", entries.keys());
            problems.add(
                    item.start(),
                    item.path(),
                    "a step has one key, its type, and its options are indented below that; found side by side: "
                            + keys);
            step.ifPresent(found::add);
        }
    }

    private String notAStep(YamlPosition item) {
        return item.node() instanceof ScalarNode scalar
                ? types.find(scalar.getValue())
                        .map(type -> "write '" + type.key() + ":', with a colon, and its options indented below it")
                        .orElse("must be a step, not " + item.found() + "; " + allowed)
                : "must be a step, not " + item.found() + "; " + allowed;
    }

    private static Found found(StepType<?> type, YamlPosition place) {
        return new Found(type, place, Optional.empty());
    }

    private void reportUnknown(YamlMapping entries) {
        entries.byKey()
                .forEach((key, place) -> problems.add(
                        place.start(), place.path(), "unknown step" + NearestName.hint(key, types.keys(), allowed)));
    }

    private Found bound(Found step, int position, List<EarlierResults.Named> named) {
        StepType<?> type = step.type();
        EarlierResults own = new EarlierResults(named(position, step), named, results);
        Binder binder =
                new Binder(problems, key -> type.queries().contains(key) ? IN_QUERY : interpolation.with(own, key));
        List<String> keys = new ArrayList<>(Component.keysOf(type.options()));
        keys.addAll(Component.keysOf(StepName.class));
        YamlMapping entries = new YamlMapping(step.place(), keys, problems);
        entries.refuseOthers(keys);
        Optional<StepName> name = new Binder(problems, key -> IN_NAME).bind(StepName.class, entries);
        Optional<? extends Record> options = binder.bind(type.options(), entries);
        Optional<StepSpec> spec = name.flatMap(given -> options.map(all -> new StepSpec(
                given.or(type.key()),
                type.key(),
                all,
                line(step.place()),
                own.waiting().keySet())));
        spec.ifPresent(whole -> refuseTooLate(step, whole, own.waiting()));
        return new Found(type, step.place(), spec);
    }

    /** Refuses references in options that name what the step writes or reads: these are used before a reference has its value. */
    private void refuseTooLate(Found step, StepSpec spec, Map<ResultReference, Set<String>> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        Set<String> columns = types.reads(spec).stream().map(ColumnUse::option).collect(Collectors.toSet());
        Map<String, String> texts = new HashMap<>();
        Component.settings("", spec.options(), texts);
        waiting.forEach((reference, keys) -> keys.stream()
                .filter(key -> columns.contains(key) || isWritten(spec, texts.get(key)))
                .forEach(key -> problems.add(
                        step.option(key).start(), step.option(key).path(), EarlierResults.tooLate(reference, key))));
    }

    private boolean isWritten(StepSpec spec, @Nullable String text) {
        return text != null
                && types.written(spec).stream().anyMatch(address -> address.contains(text.replaceFirst("/$", "")));
    }

    private void checkNeeded() {
        for (int i = 0; i < found.size(); i++) {
            Found step = found.get(i);
            List<Found> earlier = found.subList(0, i);
            step.type()
                    .needs()
                    .filter(needed -> earlier.stream()
                            .map(Found::type)
                            .noneMatch(type -> type.key().equals(needed) || replaces(step, needed, type)))
                    .ifPresent(needed -> reportNeeded(step, needed));
        }
    }

    /** A step that needs the rows of another one takes those of some other types, too. */
    private boolean replaces(Found step, String needed, StepType<?> earlier) {
        return types.find(needed).filter(step.type()::takesRowsOf).isPresent()
                && step.type().takesRowsOf(earlier);
    }

    private void reportNeeded(Found step, String needed) {
        String later = found.stream()
                .filter(other -> other.type().key().equals(needed))
                .map(other -> "; the one in line " + (other.place().start().getLine() + 1) + " comes after it")
                .findFirst()
                .orElse("");
        String description =
                types.find(needed).map(type -> " (" + type.description() + ")").orElse("");
        problems.add(
                step.place().start(),
                step.place().path(),
                "needs a step '" + needed + "'" + description + " before it" + later);
    }

    private static Set<String> keys(List<Found> steps) {
        return steps.stream().map(step -> step.type().key()).collect(Collectors.toSet());
    }

    /** Asks the type of each step about what the annotations of its options cannot express. */
    private void checkByType() {
        for (int i = 0; i < found.size(); i++) {
            Found step = found.get(i);
            List<Found> earlier = found.subList(0, i);
            step.spec().ifPresent(spec -> report(problems(step.type(), spec, earlier)));
        }
    }

    private <O extends Record> List<StepProblem> problems(StepType<O> type, StepSpec spec, List<Found> earlier) {
        List<StepSpec> specs =
                earlier.stream().flatMap(step -> step.spec().stream()).toList();
        return types.problems(
                type, new StepDraft<>(spec, type.options().cast(spec.options()), specs, keys(earlier), parameters));
    }

    private void report(List<StepProblem> found) {
        found.forEach(problem -> {
            YamlPosition place = place(problem);
            problems.add(place.start(), place.path(), problem.message());
        });
    }

    private YamlPosition place(StepProblem problem) {
        Found step = found.stream()
                .filter(other -> other.spec().filter(problem.step()::equals).isPresent())
                .findFirst()
                .orElseThrow();
        return problem.option().map(step::option).orElse(step.place());
    }

    private void checkNames() {
        Map<String, Integer> lines = new HashMap<>();
        found.forEach(step -> step.spec().ifPresent(spec -> {
            Integer first = lines.putIfAbsent(spec.name(), spec.line());
            if (first != null) {
                problems.add(
                        step.place().start(),
                        step.place().path(),
                        "has the same name, '" + spec.name() + "', as the step in line " + first
                                + "; give it another 'name' among its options");
            }
        }));
    }
}
