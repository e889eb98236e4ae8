package io.modelbatch;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the docs: a shell reads them, and Google's reference has the flags of {@code gcloud}. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern INLINE = Pattern.compile("`(gcloud [a-z-]+ [^`]+)`");
    private static final Pattern FLAG = Pattern.compile("(?<=\\s)--?[a-z][a-z-]*");
    private static final Pattern GCLOUD = Pattern.compile("\\bgcloud((?: [a-z][a-z-]+)+)([^|;)\n]*)");
    private static final Set<String> OF_EVERY_COMMAND = Set.of("--project", "--format");

    /** A command of {@code gcloud}, as the docs use it. */
    private record Used(String command, Set<String> flags) {}

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            return Stream.concat(
                    docs.filter(file -> file.toString().endsWith(".md")), Stream.of(Path.of("../README.md")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** What is no command has a block with a language: `text` for what a command says. */
    @ParameterizedTest
    @MethodSource("pages")
    void aShellReadsEveryBlock(Path page) throws Exception {
        for (String block : blocks(page)) {
            Process shell =
                    new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
            try (BufferedWriter input = shell.outputWriter()) {
                input.append(block);
            }
            assertThat(shell.getInputStream()).as(page + ": " + block).isEmpty();
            assertThat(shell.waitFor()).as(page + ": " + block).isZero();
        }
    }

    @Test
    void googlesReferenceHasEveryCommandAndFlag() throws IOException {
        Map<String, Set<String>> reference = reference();
        List<Used> used = pages().flatMap(DocumentedCommandsTest::used).toList();

        assertThat(used).as("commands of gcloud").hasSizeGreaterThan(20);
        for (Used one : used) {
            String command = reference.keySet().stream()
                    .filter(known -> (one.command() + " ").startsWith(known + " "))
                    .findFirst()
                    .orElse("");
            assertThat(command)
                    .as("a line for '" + one.command() + "' in gcloud-reference.txt, with the page that has it")
                    .isNotEmpty();
            assertThat(one.flags()).as(one.command()).isSubsetOf(reference.get(command));
        }
    }

    private static Map<String, Set<String>> reference() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/gcloud-reference.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" *\\| *"))
                .collect(toMap(
                        columns -> columns[0],
                        columns -> Stream.concat(Arrays.stream(columns[1].split(" ")), OF_EVERY_COMMAND.stream())
                                .collect(toSet())));
    }

    private static Stream<Used> used(Path page) {
        return Stream.concat(
                        blocks(page).stream(),
                        INLINE.matcher(read(page))
                                .results()
                                .map(inline -> inline.group(1).replace('\n', ' ')))
                .map(text -> text.replace("\\\n", ""))
                .flatMap(text -> GCLOUD.matcher(text).results())
                .map(call -> new Used(
                        "gcloud" + call.group(1),
                        FLAG.matcher(call.group(2))
                                .results()
                                .map(MatchResult::group)
                                .collect(toSet())));
    }

    private static List<String> blocks(Path page) {
        return BLOCK.matcher(read(page))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .map(block -> block.group(2))
                .toList();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
