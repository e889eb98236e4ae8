package io.modelbatch.extension;

import java.util.Optional;

/**
 * A value that a complete step leaves. A later step names it in a text: {@code ${steps.NAME.VALUE}}.
 *
 * @param name its name among the {@linkplain io.modelbatch.facts.Facts#results() results} of the step's facts: a letter, then letters,
 *     digits, - and _
 * @param meaning one line
 * @param option the option whose value it is, so that {@code check} knows it before the run; a step without the option leaves no such
 *     value. Empty for what only the work of the step shows
 */
public record StepResult(String name, String meaning, Optional<String> option) {
    /** A value that the work of the step shows. */
    public StepResult(String name, String meaning) {
        this(name, meaning, Optional.empty());
    }

    /** The value of an option. */
    public static StepResult ofOption(String name, String option, String meaning) {
        return new StepResult(name, meaning, Optional.of(option));
    }
}
