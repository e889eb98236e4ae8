package io.modelbatch;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of the docs. */
final class DocumentedCommands {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern FILE = Pattern.compile("(?ms)`([a-z]+\\.yaml)`[^`]*?:\n\n```yaml\n(.*?)^```$");
    private static final Pattern INLINE = Pattern.compile("(?s)(?<!`)`([^`]+)`(?!`)");
    private static final Pattern FLAG = Pattern.compile("--?[a-zA-Z][\\w-]*");

    /**
     * A call of a program.
     *
     * @param words the program, and the arguments that are not flags
     * @param flags without their values
     */
    record Call(List<String> words, Set<String> flags) {
        static Call parse(String program, String arguments) {
            List<String> all = Arrays.stream(arguments.strip().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
            return new Call(
                    Stream.concat(Stream.of(program), all.stream().filter(word -> !word.startsWith("-")))
                            .toList(),
                    all.stream()
                            .map(FLAG::matcher)
                            .filter(flag -> flag.lookingAt())
                            .map(flag -> flag.group())
                            .collect(toSet()));
        }

        boolean isOf(String command) {
            return (String.join(" ", words) + " ").startsWith(command + " ");
        }
    }

    private DocumentedCommands() {}

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")), Stream.of(Path.of("../README.md")))
                    .sorted()
                    .toList();
        }
    }

    /** Blocks of commands: those of other texts have a language. */
    static List<String> blocks(Path page) {
        return BLOCK.matcher(read(page))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .map(block -> block.group(2))
                .toList();
    }

    /** The files that the pages ask for, by their names: a block in the language of the file, after "`NAME`:". */
    static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path page : pages()) {
            FILE.matcher(read(page)).results().forEach(file -> files.put(file.group(1), file.group(2)));
        }
        return files;
    }

    /** Code between other words, in one line. */
    static List<String> inline(Path page) {
        return INLINE.matcher(BLOCK.matcher(read(page)).replaceAll(""))
                .results()
                .map(code -> code.group(1).replace('\n', ' '))
                .toList();
    }

    /** The calls of a program, in blocks and between other words. */
    static Stream<Call> calls(Path page, String program) {
        Pattern call = Pattern.compile("(?m)(?<![\\w/.-])" + Pattern.quote(program) + " ([^|;)\n]*)");
        return Stream.concat(
                        blocks(page).stream(), inline(page).stream().filter(code -> code.startsWith(program + " ")))
                .map(text -> text.replace("\\\n", " "))
                .flatMap(text -> call.matcher(text).results())
                .map(MatchResult::group)
                .map(text -> Call.parse(program, text.substring(program.length())));
    }

    static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
