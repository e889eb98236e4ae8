package io.modelbatch.jobspec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What becomes of {@code ${name}} in a text. It is replaced by a parameter's text, once, and never evaluated. */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");

    private final Function<String, Optional<String>> problem;
    private final Function<String, Optional<String>> value;

    /**
     * A text after interpolation.
     *
     * @param value the text
     * @param isFinal false while a reference in it still waits for its value
     * @param problems what is wrong with its references
     */
    record Text(String value, boolean isFinal, List<String> problems) {}

    private Interpolation(Function<String, Optional<String>> problem, Function<String, Optional<String>> value) {
        this.problem = problem;
        this.value = value;
    }

    /** Refuses every reference. */
    static Interpolation refused(Function<String, String> why) {
        return new Interpolation(name -> Optional.of(why.apply(name)), name -> Optional.empty());
    }

    /** Only checks that references are to these names, and leaves them as they are. */
    static Interpolation checked(Collection<String> names) {
        return new Interpolation(name -> undefined(name, names), name -> Optional.empty());
    }

    /** Replaces references to these names. */
    static Interpolation replaced(Map<String, String> values) {
        return new Interpolation(
                name -> undefined(name, values.keySet()), name -> Optional.ofNullable(values.get(name)));
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
            return Optional.of("'${' has no '}' behind it; write $${ where '${' itself is meant");
        }
        return problem.apply(Texts.shorten(match.group(1)));
    }

    private static Optional<String> undefined(String name, Collection<String> names) {
        if (names.contains(name)) {
            return Optional.empty();
        }
        String defined =
                names.isEmpty() ? "the job has no parameters" : "the job's parameters are: " + String.join(", ", names);
        String reference = "${" + name + "}";
        return Optional.of(reference + " is not defined" + Nearest.hint(name, names, defined) + "; write $" + reference
                + " where the text itself is meant");
    }
}
