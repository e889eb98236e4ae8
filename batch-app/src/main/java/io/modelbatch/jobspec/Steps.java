package io.modelbatch.jobspec;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.model.PublishOptions;
import io.modelbatch.source.ExtractOptions;
import io.modelbatch.source.LoadOptions;
import io.modelbatch.source.TableLoad;
import io.modelbatch.source.WarehouseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a job's list of steps, and checks that each finds before it what it works on. */
final class Steps {
    private static final String ALLOWED = "allowed: " + String.join(", ", StepType.keys());
    /** No column of a table may begin so; a table loaded by the day has a column of its own that does. */
    private static final Pattern RESERVED = Pattern.compile(
            "_PARTITION|_TABLE_|_FILE_|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER", Pattern.CASE_INSENSITIVE);

    private static final Interpolation IN_QUERY = Interpolation.refused(
            name -> "${" + name + "} is not replaced in a query; use @" + name + ", a typed query parameter");
    private static final Interpolation IN_NAME =
            Interpolation.refused(name -> "${" + name + "} is not replaced in a step's name");

    private final Problems problems;
    private final Interpolation interpolation;
    private final Set<String> parameters;
    private final List<Found> found = new ArrayList<>();

    /** A step whose type is known; without its specification when that has problems. */
    private record Found(StepType type, Place place, Optional<StepSpec> spec) {
        @Nullable
        Record options() {
            return spec.map(StepSpec::options).orElse(null);
        }

        /** The position of one of the options, or of the step that lacks it. */
        Place option(String key) {
            return new Entries(place, List.of(), new Problems("")).find(key).orElse(place);
        }
    }

    /**
     * @param interpolation for the texts of all steps
     * @param parameters the names of the job's parameters
     */
    Steps(Problems problems, Interpolation interpolation, Set<String> parameters) {
        this.problems = problems;
        this.interpolation = interpolation;
        this.parameters = parameters;
    }

    /** The steps that have no problem. */
    List<StepSpec> read(Place place) {
        if (!(place.node() instanceof SequenceNode sequence)) {
            problems.add(
                    place.start(),
                    place.path(),
                    "must be a list of steps (lines that start with '- '), not " + place.found());
            return List.of();
        }
        List<Node> items = sequence.getValue();
        if (items.isEmpty()) {
            problems.add(place.start(), place.path(), "is empty; a job has at least one step; " + ALLOWED);
        }
        for (int i = 0; i < items.size(); i++) {
            find(place.item(i, items.get(i)));
        }
        // A step that was not understood may be the one that another needs.
        if (found.size() == items.size()) {
            checkNeeded();
        }
        checkMeasured();
        checkNames();
        checkResults();
        checkKeys();
        return found.stream().flatMap(step -> step.spec().stream()).toList();
    }

    private void find(Place item) {
        if (!(item.node() instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
            problems.add(item.start(), item.path(), notAStep(item));
            return;
        }
        Entries entries = new Entries(item, StepType.keys(), problems);
        Optional<Found> step = entries.byKey().entrySet().stream()
                .flatMap(entry -> StepType.find(entry.getKey()).stream().map(type -> found(type, entry.getValue())))
                .findFirst();
        if (entries.keys().size() == 1) {
            step.ifPresentOrElse(only -> found.add(bound(only)), () -> reportUnknown(entries));
        } else if (entries.keys().size() > 1) {
            String keys = String.join(", ", entries.keys());
            problems.add(
                    item.start(),
                    item.path(),
                    "a step is one key, its type, with the options indented further below it; found side by side: "
                            + keys);
            step.ifPresent(found::add);
        }
    }

    private static String notAStep(Place item) {
        return item.node() instanceof ScalarNode scalar
                ? StepType.find(scalar.getValue())
                        .map(type -> "write '" + type.key() + ":', with a colon, and its options indented below it")
                        .orElse("must be a step, not " + item.found() + "; " + ALLOWED)
                : "must be a step, not " + item.found() + "; " + ALLOWED;
    }

    private static Found found(StepType type, Place place) {
        return new Found(type, place, Optional.empty());
    }

    private void reportUnknown(Entries entries) {
        entries.byKey()
                .forEach((key, place) -> problems.add(
                        place.start(), place.path(), "unknown step" + Nearest.hint(key, StepType.keys(), ALLOWED)));
    }

    private Found bound(Found step) {
        StepType type = step.type();
        Binder binder = new Binder(problems, key -> type.isQuery(key) ? IN_QUERY : interpolation);
        List<String> allowed = new ArrayList<>(Component.keysOf(type.options()));
        allowed.addAll(Component.keysOf(StepName.class));
        Entries entries = new Entries(step.place(), allowed, problems);
        entries.refuseOthers(allowed);
        Optional<StepName> name = new Binder(problems, key -> IN_NAME).bind(StepName.class, entries);
        Optional<? extends Record> options = binder.bind(type.options(), entries);
        options.ifPresent(all -> {
            if (all instanceof ExtractOptions extract) {
                entries.find("query").ifPresent(place -> checkQuery(extract, place));
            } else if (all instanceof InferOptions infer) {
                infer.contradictions()
                        .forEach((key, why) ->
                                entries.find(key).ifPresent(place -> problems.add(place.start(), place.path(), why)));
            }
        });
        int line = step.place().start().getLine() + 1;
        return new Found(
                type,
                step.place(),
                name.flatMap(own -> options.map(all -> new StepSpec(own.or(type.key()), type.key(), all, line))));
    }

    private void checkQuery(ExtractOptions extract, Place place) {
        try {
            for (String name : new LinkedHashSet<>(extract.queryParameters())) {
                if (!parameters.contains(name)) {
                    String defined = parameters.isEmpty()
                            ? "the job has no parameters"
                            : "the job's parameters are: " + String.join(", ", parameters);
                    problems.add(
                            place.start(),
                            place.path(),
                            "@" + name + " is not defined" + Nearest.hint(name, parameters, defined));
                }
            }
        } catch (WarehouseException e) {
            problems.add(place.start(), place.path(), String.valueOf(e.getMessage()));
        }
    }

    private void checkNeeded() {
        for (int i = 0; i < found.size(); i++) {
            Found step = found.get(i);
            Optional<StepType> needed = step.type().needed();
            boolean isThere = found.subList(0, i).stream()
                    .anyMatch(earlier -> needed.stream().anyMatch(type -> type == earlier.type()));
            if (needed.isPresent() && !isThere) {
                reportNeeded(step, needed.get());
            }
        }
    }

    private void reportNeeded(Found step, StepType needed) {
        String later = found.stream()
                .filter(other -> other.type() == needed)
                .map(other -> "; the one in line " + (other.place().start().getLine() + 1) + " comes after it")
                .findFirst()
                .orElse("");
        problems.add(
                step.place().start(),
                step.place().path(),
                "needs a step '" + needed.key() + "' (" + needed.description() + ") before it" + later);
    }

    /** A result is a folder, and a load replaces its table: of two in one place the second would replace the first. */
    private void checkResults() {
        Map<String, Integer> lines = new HashMap<>();
        found.forEach(step -> step.spec().ifPresent(spec -> {
            if (spec.options() instanceof InferOptions infer) {
                String folder = infer.to().replaceFirst("/$", "");
                Integer first = lines.putIfAbsent(folder, spec.line());
                if (first != null) {
                    refuseSecond(step, "writes to " + folder, first, "give it another 'to'");
                }
            } else if (spec.options() instanceof LoadOptions load) {
                String table = load.table() + (load.partition() == null ? "" : ", partition " + load.partition());
                Integer first = lines.putIfAbsent(table, spec.line());
                if (first != null && load.mode() == TableLoad.Mode.REPLACE) {
                    refuseSecond(step, "loads into " + table, first, "give it another 'table', or 'mode: append'");
                }
            }
        }));
    }

    private void refuseSecond(Found step, String does, int first, String wayOut) {
        problems.add(
                step.place().start(),
                step.place().path(),
                does + ", as the step in line " + first + " does, and would replace its result; " + wayOut);
    }

    /** The key is a column of each result, beside the answers; warehouses do not tell names apart by case. */
    private void checkKeys() {
        Found extract = null;
        for (Found step : found) {
            if (step.type() == StepType.EXTRACT) {
                extract = step;
            } else if (extract != null && step.options() instanceof InferOptions infer) {
                checkKey(extract, step.place(), infer);
            }
        }
    }

    private void checkKey(Found extract, Place step, InferOptions infer) {
        if (!(extract.options() instanceof ExtractOptions options)) {
            return;
        }
        String key = options.key();
        Place place = extract.option("key");
        if (RESERVED.matcher(key).lookingAt()) {
            problems.add(
                    place.start(),
                    place.path(),
                    "is '" + key + "', a name that BigQuery keeps for itself; rename it in the query: SELECT " + key
                            + " AS day, …, and write key: day");
        } else if (infer.answerColumns().stream().anyMatch(key::equalsIgnoreCase)) {
            problems.add(
                    place.start(),
                    place.path(),
                    "is '" + key + "', and the answers of the step in line "
                            + (step.start().getLine() + 1) + " have columns of their own ("
                            + String.join(", ", infer.answerColumns()) + "); rename it in the query: SELECT " + key
                            + " AS " + key + "_key, …, and write key: " + key + "_key");
        }
    }

    /** Finds requirements of metrics that would fail the run after the training. */
    private void checkMeasured() {
        for (int i = 0; i < found.size(); i++) {
            Found step = found.get(i);
            boolean measured = found.subList(0, i).stream().anyMatch(earlier -> earlier.type() == StepType.EVALUATE);
            if (!measured
                    && step.options() instanceof PublishOptions publish
                    && !publish.require().isEmpty()) {
                Place place = step.option("require");
                problems.add(
                        place.start(),
                        place.path(),
                        "needs a step 'evaluate' before this one, which measures it; write '- evaluate:' there");
            }
        }
    }

    private void checkNames() {
        Map<String, Integer> lines = new HashMap<>();
        found.forEach(step -> step.spec().ifPresent(spec -> {
            Integer first = lines.putIfAbsent(spec.name(), spec.line());
            if (first != null) {
                problems.add(
                        step.place().start(),
                        step.place().path(),
                        "is the second step called '" + spec.name() + "', after line " + first
                                + "; give it another 'name' among its options");
            }
        }));
    }
}
