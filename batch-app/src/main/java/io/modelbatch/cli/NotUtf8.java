package io.modelbatch.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Words of a command that were not UTF-8. Java put U+FFFD in the place of each wrong byte, so two of them may look the same. */
final class NotUtf8 {
    private static final String REPLACEMENT = "\uFFFD";

    private NotUtf8() {}

    /** The arguments, properties and the working folder that are not UTF-8. */
    static List<String> problems(List<String> arguments, Settings settings) {
        Path here = Path.of("").toAbsolutePath();
        Stream<String> places = Stream.of(settings.jobs(), settings.localHome())
                .map(here::resolve)
                .map(Path::toString);
        return Stream.concat(arguments.stream(), places)
                .filter(word -> word.contains(REPLACEMENT))
                .distinct()
                .map(word -> "'" + word + "' is not UTF-8 (" + REPLACEMENT
                        + " stands for each wrong byte). Write it in UTF-8; a folder needs another name")
                .toList();
    }
}
