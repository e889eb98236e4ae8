package io.modelbatch.cli;

import io.modelbatch.launch.TypedCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The command that started a JVM, up to its jar.
 *
 * @param options the options before {@code -jar}
 * @param jar the path of the jar
 */
record JavaCommand(List<String> options, String jar) {
    private static final String JAR = "-jar";

    /** As the operating system knows it; without options where it does not, or where that was not with {@code java -jar}. */
    static JavaCommand ofThisProcess() {
        String path = System.getProperty("java.class.path", "");
        String command = System.getProperty("sun.java.command", "");
        if (!path.endsWith(".jar") || !(command + " ").startsWith(path + " ")) {
            return new JavaCommand(List.of(), "batch.jar");
        }
        List<String> words =
                ProcessHandle.current().info().arguments().map(Arrays::asList).orElse(List.of());
        return new JavaCommand(words.subList(0, Math.max(0, words.indexOf(JAR))), path);
    }

    /**
     * The words for a shell.
     *
     * @param shown an option as it may be shown; empty for one that is left out
     */
    List<String> words(Function<String, Optional<String>> shown) {
        Stream<String> all = Stream.of(
                        Stream.of("java"), options.stream().map(shown).flatMap(Optional::stream), Stream.of(JAR, jar))
                .flatMap(Function.identity());
        return all.map(TypedCommand::quoted).toList();
    }
}
