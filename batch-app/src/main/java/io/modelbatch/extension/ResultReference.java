package io.modelbatch.extension;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference of a job file to a value that an earlier step leaves: {@code ${steps.infer.uri}}.
 *
 * @param step the name of the earlier step
 * @param value the name of one of its {@linkplain StepType#results() results}
 */
public record ResultReference(String step, String value) {
    /** The beginning of the name of each such reference. */
    public static final String PREFIX = "steps.";

    private static final Pattern NAME = Pattern.compile("steps\\.([a-z0-9-]+)\\.([A-Za-z][A-Za-z0-9_-]*)");

    /** Reads what stands between the braces; empty when it is not a reference to a result. */
    public static Optional<ResultReference> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new ResultReference(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /** As it is written in a job file. */
    @Override
    public String toString() {
        return "${" + PREFIX + step + "." + value + "}";
    }
}
