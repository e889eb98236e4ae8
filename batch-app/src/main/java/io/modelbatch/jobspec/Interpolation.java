package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.base.PrintableText;
import io.modelbatch.extension.ResultReference;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${name}}, in a text or in the place of a number, by a parameter's text or a result of an earlier step: once, and never evaluated. */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");

    private static final Pattern WHOLE = Pattern.compile("\\$\\{([^}]*)}");

    private final Function<String, Optional<String>> problem;
    private final Function<String, Optional<String>> value;
    private final Function<String, Parameter> parameter;
    private final Function<String, Optional<Object>> result;

    /**
     * A text after interpolation.
     *
     * @param value the text
     * @param isFinal false while a reference in it still waits for its value
     * @param problems receives the problems of its references
     */
    record Text(String value, boolean isFinal, List<String> problems) {}

    /**
     * A parameter that stands for a whole value.
     *
     * @param name as the reference has it
     * @param type empty where its declaration is not right
     * @param text its value, or while it has none its default; empty where it has neither
     * @param problem the reason why it cannot be used here
     */
    record Parameter(String name, Optional<ParameterType> type, Optional<String> text, Optional<String> problem) {}

    private Interpolation(
            Function<String, Optional<String>> problem,
            Function<String, Optional<String>> value,
            Function<String, Parameter> parameter,
            Function<String, Optional<Object>> result) {
        this.problem = problem;
        this.value = value;
        this.parameter = parameter;
        this.result = result;
    }

    /** Refuses every reference. */
    static Interpolation refused(Function<String, String> why) {
        return new Interpolation(
                name -> Optional.of(why.apply(name)),
                name -> Optional.empty(),
                name -> new Parameter(name, Optional.empty(), Optional.empty(), Optional.of(why.apply(name))),
                name -> Optional.empty());
    }

    /**
     * Only checks that references are to these names, and leaves them as they are.
     *
     * @param declared the declarations that have no problem
     */
    static Interpolation checked(Collection<String> names, Map<String, ParameterDeclaration> declared) {
        return new Interpolation(
                name -> undefined(name, names),
                name -> Optional.empty(),
                name -> new Parameter(
                        name,
                        Optional.ofNullable(declared.get(name)).map(ParameterDeclaration::type),
                        Optional.ofNullable(declared.get(name)).flatMap(Interpolation::defaultOf),
                        unknown(name, names)),
                name -> Optional.empty());
    }

    /** Replaces references to these names. */
    static Interpolation replaced(Map<String, ParameterValue> values) {
        Function<String, Optional<ParameterValue>> find = name -> Optional.ofNullable(values.get(name));
        return new Interpolation(
                name -> undefined(name, values.keySet()),
                name -> find.apply(name).map(ParameterValue::text),
                name -> new Parameter(
                        name,
                        find.apply(name).map(ParameterValue::type),
                        find.apply(name).map(ParameterValue::text),
                        unknown(name, values.keySet())),
                name -> Optional.empty());
    }

    /**
     * Replaces references to results of earlier steps, too.
     *
     * @param key the option whose text it is
     */
    Interpolation with(EarlierResults results, String key) {
        return new Interpolation(
                name -> isResult(name) ? results.problem(name, key) : problem.apply(name),
                name -> isResult(name) ? results.value(name, key).map(EarlierResults::text) : value.apply(name),
                name -> isResult(name)
                        ? new Parameter(name, Optional.empty(), Optional.empty(), Optional.of(notWhole(name)))
                        : parameter.apply(name),
                name -> isResult(name) && results.problem(name, key).isEmpty()
                        ? results.value(name, key)
                        : Optional.empty());
    }

    private static boolean isResult(String name) {
        return name.startsWith(ResultReference.PREFIX);
    }

    private static String notWhole(String name) {
        return "${" + name + "} is not replaced here; a result of a step is replaced in texts only";
    }

    /** The value of the result of a step that a text refers to and nothing else; empty for any other text, and while it is not known. */
    Optional<Object> wholeResult(String text) {
        Matcher reference = WHOLE.matcher(text);
        return reference.matches() ? result.apply(reference.group(1)) : Optional.empty();
    }

    /** The parameter that a text refers to and nothing else; empty for any other text. */
    Optional<Parameter> whole(String text) {
        Matcher reference = WHOLE.matcher(text);
        return reference.matches() ? Optional.of(parameter.apply(reference.group(1))) : Optional.empty();
    }

    Text apply(String text) {
        List<String> problems = new ArrayList<>();
        StringBuilder replaced = new StringBuilder();
        boolean isFinal = true;
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            Optional<String> part = matcher.group(1) == null ? Optional.of("${") : replacement(matcher, problems);
            isFinal &= part.isPresent();
            matcher.appendReplacement(replaced, Matcher.quoteReplacement(part.orElse(matcher.group())));
        }
        return new Text(matcher.appendTail(replaced).toString(), isFinal, problems);
    }

    private Optional<String> replacement(MatchResult match, List<String> problems) {
        Optional<String> wrong = wrong(match);
        wrong.ifPresent(problems::add);
        return wrong.isPresent() ? Optional.empty() : value.apply(match.group(1));
    }

    private Optional<String> wrong(MatchResult match) {
        if (match.group(2).isEmpty()) {
            return Optional.of("'${' has no '}' after it; write $${ for a literal '${'");
        }
        return problem.apply(PrintableText.line(match.group(1)));
    }

    private static Optional<String> defaultOf(ParameterDeclaration declaration) {
        return Optional.ofNullable(declaration.defaultText())
                .flatMap(text -> declaration.type().value(text, LocalDate.EPOCH))
                .map(ParameterValue::text);
    }

    private static Optional<String> undefined(String name, Collection<String> names) {
        return unknown(name, names).map(why -> why + "; write $${" + name + "} for the literal text");
    }

    private static Optional<String> unknown(String name, Collection<String> names) {
        if (names.contains(name)) {
            return Optional.empty();
        }
        if (name.contains(".")) {
            return Optional.of("${" + name + "} is not defined; a result of an earlier step is ${steps.NAME.VALUE}");
        }
        String defined =
                names.isEmpty() ? "the job has no parameters" : "the job's parameters are: " + String.join(", ", names);
        return Optional.of("${" + name + "} is not defined" + NearestName.hint(name, names, defined));
    }
}
