package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.extension.ResultReference;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The references of one step to results of earlier steps: checked, collected, and replaced where the values are known. */
final class EarlierResults {
    private final Named own;
    private final List<Named> all;
    private final ResultValues values;
    private final Map<ResultReference, Set<String>> found = new LinkedHashMap<>();

    /**
     * A step by the name that references have for it.
     *
     * @param position its position in the list
     * @param name the name
     * @param line its line in the file
     * @param type its type
     * @param options the keys that it has
     */
    record Named(int position, String name, int line, StepType<?> type, Set<String> options) {}

    /**
     * @param own the step
     * @param all all steps of the file
     */
    EarlierResults(Named own, List<Named> all, ResultValues values) {
        this.own = own;
        this.all = all;
        this.values = values;
    }

    /** The keys with references that wait for their values, by reference. */
    Map<ResultReference, Set<String>> waiting() {
        return found;
    }

    /** The problem of a reference in an option of the step; none where it is right. */
    Optional<String> problem(String name, String key) {
        Optional<ResultReference> reference = ResultReference.parse(name);
        if (reference.isEmpty()) {
            return Optional.of("${" + name
                    + "} must be ${steps.NAME.VALUE}: the name of an earlier step, and of one of its values");
        }
        return reference.flatMap(this::unknown).or(() -> refused(reference.get(), key));
    }

    private Optional<String> refused(ResultReference reference, String key) {
        return own.type().knownAtStart().contains(key) ? Optional.of(tooLate(reference, key)) : Optional.empty();
    }

    /** The problem of an option that must be known when the run begins. */
    static String tooLate(ResultReference reference, String key) {
        return reference + " is known only when this step begins, and '" + key
                + "' must be known when the run begins: what a run writes and which columns it reads is checked then."
                + " Write a text, or a parameter: ${NAME}";
    }

    private Optional<String> unknown(ResultReference reference) {
        Optional<Named> named = find(earlier(), reference);
        return named.isEmpty() ? Optional.of(notBefore(reference)) : unknown(reference, named.get());
    }

    private List<Named> earlier() {
        return all.stream().filter(step -> step.position() < own.position()).toList();
    }

    private static Optional<Named> find(List<Named> steps, ResultReference reference) {
        return steps.stream()
                .filter(step -> step.name().equals(reference.step()))
                .findFirst();
    }

    private static Optional<String> unknown(ResultReference reference, Named step) {
        List<StepResult> results = step.type().results();
        Optional<StepResult> result = results.stream()
                .filter(one -> one.name().equals(reference.value()))
                .findFirst();
        if (result.isEmpty()) {
            List<String> names = results.stream().map(StepResult::name).toList();
            String all = names.isEmpty() ? "it leaves no values" : "its values are: " + String.join(", ", names);
            return Optional.of(reference + ": the step '" + step.name() + "' leaves no '" + reference.value() + "'"
                    + NearestName.hint(reference.value(), names, all));
        }
        return result.get()
                .option()
                .filter(option -> !step.options().contains(option))
                .map(option -> reference + ": the step '" + step.name() + "' leaves no '" + reference.value()
                        + "' without its option '" + option + "'");
    }

    private String notBefore(ResultReference reference) {
        if (own.name().equals(reference.step())) {
            return reference + " is a result of this step itself; a text can name results of earlier steps only";
        }
        List<String> names = earlier().stream().map(Named::name).toList();
        return find(all, reference)
                .map(step -> reference + " is a result of the step in line " + step.line()
                        + ", which comes after this one; a text can name results of earlier steps only")
                .orElseGet(() -> reference + ": there is no step '" + reference.step() + "'"
                        + NearestName.hint(reference.step(), names, listed(names))
                        + "; write $" + reference + " for the literal text");
    }

    private static String listed(List<String> earlier) {
        return earlier.isEmpty()
                ? "no step comes before this one"
                : "the steps before this one are: " + String.join(", ", earlier);
    }

    /** The value of a reference that has no problem; empty while it is not known, which is noted. */
    Optional<Object> value(String name, String key) {
        ResultReference reference = ResultReference.parse(name).orElseThrow();
        Optional<Object> value = values.find(reference);
        if (value.isEmpty()) {
            found.computeIfAbsent(reference, waiting -> new TreeSet<>()).add(key);
        }
        return value;
    }

    /** A value in the middle of a text. */
    static String text(Object value) {
        return value instanceof Double number && Double.isFinite(number)
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : value.toString();
    }
}
