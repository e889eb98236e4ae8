package io.modelbatch.jobspec;

/**
 * A parameter's value in one run.
 *
 * @param type its declared type
 * @param value {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code LocalDate} or {@code Instant}
 */
public record ParameterValue(ParameterType type, Object value) {
    /**
     * The value as text: the same for equal values however they were written, another for others. It identifies a run and
     * replaces {@code ${name}}.
     */
    public String text() {
        return ParameterType.text(value);
    }
}
