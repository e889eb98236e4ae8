package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A webhook or a program that is told how a run ended.
 *
 * @param url its address; null where a variable has it
 * @param urlFrom the name of the environment variable that has the address; null where the file has it
 * @param secretFrom the name of the environment variable with the key of the signature; null for no signature
 * @param command the program and its arguments; empty for a webhook
 * @param inherit the environment variables that the program gets besides those that all programs get
 * @param on the ends that it is told of; empty for all
 */
public record Notification(
        @JsonPropertyDescription("address of the webhook: https, or http for this machine")
        @Pattern(regexp = ADDRESS, message = "must be an https address, or an http address of this machine (localhost)")
        @Nullable
        String url,

        @JsonPropertyDescription("environment variable that has the address, where that is a secret")
        @Pattern(regexp = VARIABLE, message = VARIABLE_MESSAGE)
        @Nullable
        String urlFrom,

        @JsonPropertyDescription("environment variable that has the secret by which the request is signed")
        @Pattern(regexp = VARIABLE, message = VARIABLE_MESSAGE)
        @Nullable
        String secretFrom,

        @JsonPropertyDescription("a program and its arguments; it gets the JSON on its standard input")
        List<String> command,

        @JsonPropertyDescription(
                "names of variables of Modelbatch's own environment that the program gets too, such as secrets")
        List<@Pattern(regexp = VARIABLE, message = VARIABLE_MESSAGE) String> inherit,

        @JsonPropertyDescription("ends of a run that are told; without it, all")
        List<Ending> on) {
    /** An address that nobody between can read, or that of this machine. */
    public static final String ADDRESS =
            "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\\s#]*)?|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?(/[^\\s#]*)?";

    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String VARIABLE_MESSAGE = "must be the name of an environment variable";

    /** The end of an execution of a run. */
    public enum Ending {
        COMPLETED,
        FAILED,
        STOPPED
    }

    /** Keeps its own copy. */
    public Notification {
        command = List.copyOf(command);
        inherit = List.copyOf(inherit);
        on = List.copyOf(on);
    }

    /** The problem that its annotations cannot express. */
    Optional<String> problem() {
        List<String> told = Stream.of(
                        url == null ? null : "'url'",
                        urlFrom == null ? null : "'url-from'",
                        command.isEmpty() ? null : "'command'")
                .flatMap(Stream::ofNullable)
                .toList();
        if (told.isEmpty()) {
            return Optional.of(
                    "lacks who is told: write 'url', 'url-from' (an environment variable with the address), or"
                            + " 'command'");
        }
        if (told.size() > 1) {
            return Optional.of("has " + String.join(" and ", told) + "; keep one of them");
        }
        if (!command.isEmpty() && secretFrom != null) {
            return Optional.of(
                    "has 'secret-from', which signs requests to a webhook; a program gets a secret with 'inherit'");
        }
        if (command.isEmpty() && !inherit.isEmpty()) {
            return Optional.of("has 'inherit', which is for programs; remove it");
        }
        return !command.isEmpty() && command.get(0).isBlank()
                ? Optional.of("lacks the program: the first word of 'command' is empty")
                : Optional.empty();
    }

    /** True if it is told of such an end. */
    public boolean isToldOf(Ending ending) {
        return on.isEmpty() || on.contains(ending);
    }
}
