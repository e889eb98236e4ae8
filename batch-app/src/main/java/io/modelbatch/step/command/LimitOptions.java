package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a program.
 *
 * @param memory null for none
 */
public record LimitOptions(
        @JsonPropertyDescription("memory of all processes of the program, such as 4Gi")
        @Pattern(regexp = "[1-9][0-9]{0,5}(Mi|Gi|Ti)", message = "must be a whole number of Mi, Gi or Ti, such as 4Gi")
        @Nullable
        String memory) {
    /** No limit. */
    static final LimitOptions NONE = new LimitOptions(null);

    /** The memory in bytes, for one that is not null. */
    long bytes() {
        String text = Objects.requireNonNull(memory);
        long number = Long.parseLong(text.substring(0, text.length() - 2));
        return number << (text.endsWith("Mi") ? 20 : text.endsWith("Gi") ? 30 : 40);
    }
}
