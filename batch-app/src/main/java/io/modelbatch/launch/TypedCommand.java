package io.modelbatch.launch;

import io.modelbatch.step.FailureCause;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command line as a person types it in a shell.
 *
 * @param program the command that starts the application, quoted already
 * @param words the verb, or the job and its parameters
 * @param properties {@code --name=value}
 */
public record TypedCommand(String program, List<String> words, List<String> properties) {
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Keeps its own copies. */
    public TypedCommand {
        words = List.copyOf(words);
        properties = List.copyOf(properties);
    }

    /** The same for a new run. */
    public TypedCommand again() {
        return with(FailureCause.AGAIN);
    }

    /** The same for a run that is resumed though its job file changed. */
    TypedCommand acceptingChanges() {
        return with(FailureCause.ACCEPT_CHANGES);
    }

    private TypedCommand with(String word) {
        return new TypedCommand(
                program, Stream.concat(words.stream(), Stream.of(word)).toList(), properties);
    }

    /** The line for the shell. */
    public String text() {
        return program + " "
                + Stream.concat(words.stream(), properties.stream())
                        .map(TypedCommand::quoted)
                        .collect(Collectors.joining(" "));
    }

    /** A word as a shell reads it: in single quotes where it has another character than letters, digits and a few signs. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
