package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * The options that all types of steps share which run a program.
 *
 * @param input which files it is given
 * @param environment variables of the program
 * @param inherit names of variables of this process that the program gets too
 * @param timeout null for none
 * @param retry which failures are tried again
 * @param outputs which files are uploaded
 * @param limits null for none
 */
public record ProgramOptions(
        @JsonUnwrapped InputOptions input,

        @JsonPropertyDescription("environment variables of the program, each a text; not for secrets")
        Map<String, String> environment,

        @JsonPropertyDescription(
                "names of variables of Modelbatch's own environment that the program gets too, such as secrets")
        List<String> inherit,

        @JsonPropertyDescription("an attempt that takes longer is ended, such as 30m")
        @Pattern(regexp = DURATION, message = DURATION_MESSAGE)
        @Nullable
        String timeout,

        @JsonUnwrapped RetryOptions retry,
        @JsonUnwrapped OutputOptions outputs,

        @JsonPropertyDescription("limits of the program") @Nullable
        LimitOptions limits) {
    private static final String DURATION = "[1-9][0-9]{0,5}[smhd]";
    private static final String DURATION_MESSAGE = "must be a duration, such as 90s, 30m, 2h or 1d";

    /** The folder that the workspace begins with; null for none. */
    @Nullable
    String directory() {
        return input.directory();
    }

    /** The limits; none where nothing is said. */
    LimitOptions limitOptions() {
        return limits == null ? LimitOptions.NONE : limits;
    }

    /** The time that an attempt may take. */
    Optional<Duration> limit() {
        return Optional.ofNullable(timeout).map(DurationStyle.SIMPLE::parse);
    }
}
