package io.modelbatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.DocumentedCommands.Call;
import io.modelbatch.base.SettingsException;
import io.modelbatch.cli.BatchCommand;
import io.modelbatch.run.ExitCode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands of the docs: a shell reads them, references have their flags, and the installed programs know them. */
class DocumentedCommandsTest {
    private static final Set<String> OF_EVERY_GCLOUD = Set.of("--project", "--format");
    private static final Pattern JAR = Pattern.compile("(?m)batch\\.jar (?!extract |[~./])([^`|;&>#\n]+)");
    private static final Pattern ARGUMENT = Pattern.compile("--(modelbatch\\.[a-zA-Z.$-]+)=");
    private static final Pattern VARIABLE = Pattern.compile("(MODELBATCH_[A-Z_]+)=");
    private static final Pattern SCRIPT = Pattern.compile("V\\d+__\\w+\\.sql");
    private static final Pattern LISTED = Pattern.compile("modelbatch\\.[a-z-]+(\\.[a-z-]+)?");
    private static final Set<String> OF_DEVELOPMENT = Set.of("MODELBATCH_CPUINFO");

    static List<Path> pages() throws IOException {
        return DocumentedCommands.pages();
    }

    /** Text that is not a command has a block with a language: `text` for what a command says. */
    @ParameterizedTest
    @MethodSource("pages")
    void aShellReadsEveryBlock(Path page) throws Exception {
        for (String block : DocumentedCommands.blocks(page)) {
            Process shell =
                    new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
            try (BufferedWriter input = shell.outputWriter()) {
                input.append(block);
            }
            assertThat(shell.getInputStream()).as(page + ": " + block).isEmpty();
            assertThat(shell.waitFor()).as(page + ": " + block).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcloud", "bq", "kubectl", "gcsfuse", "rclone", "psql"})
    void aReferenceHasEveryCommandAndFlag(String program) throws IOException {
        Map<String, Set<String>> reference = reference(program);
        List<Call> calls = pages().stream()
                .flatMap(page -> DocumentedCommands.calls(page, program))
                .toList();

        assertThat(calls).as("calls of " + program).isNotEmpty();
        Set<String> used = new TreeSet<>();
        for (Call call : calls) {
            Optional<String> command =
                    reference.keySet().stream().filter(call::isOf).max(Comparator.comparing(String::length));
            assertThat(command)
                    .as("a line for " + call + " in command-reference.txt, with the page that has it")
                    .isNotEmpty();
            assertThat(call.flags()).as(call.toString()).isSubsetOf(reference.get(command.get()));
            used.add(command.get());
        }
        assertThat(reference.keySet()).as("lines that no page needs").hasSameElementsAs(used);
    }

    /** The list of scripts to apply by hand is complete. */
    @Test
    void theScriptsOfTheJobRepositoryAreNamedInTheirOrder() throws IOException {
        assertThat(SCRIPT.matcher(DocumentedCommands.read(Path.of("../docs/job-repository.md")))
                        .results()
                        .map(MatchResult::group))
                .containsExactlyElementsOf(MigrationScripts.of("postgresql").stream()
                        .map(script -> script.getFileName().toString())
                        .toList());
    }

    /** {@code gcloud} itself parses each command, with the values that the shell gives it: required words, kinds of values, choices. */
    @Test
    void gcloudParsesEveryCommandOfThePage(@TempDir Path folder) throws Exception {
        InstalledPrograms.assumeInstalled("gcloud");
        List<String> commands = new RecordedCommands(folder)
                .ofGcloud().stream()
                        .map(words -> String.join(" ", words))
                        .distinct()
                        .toList();
        List<Map<String, String>> lines = commands.stream()
                .map(command -> Map.of("command_string", command))
                .toList();
        Path file = Files.writeString(
                folder.resolve("commands.json"), JsonMapper.shared().writeValueAsString(lines));

        JsonNode checked = JsonMapper.shared()
                .readTree(InstalledPrograms.output(
                        List.of("gcloud", "meta", "lint-gcloud-commands", "--commands-file=" + file)));

        assertThat(commands).hasSizeGreaterThan(30);
        assertThat(checked.valueStream()
                        .map(command -> command.path("command_string").asString()))
                .containsExactlyInAnyOrderElementsOf(commands);
        assertThat(checked.valueStream()
                        .filter(command -> !command.path("success").asBoolean())
                        .map(command -> command.path("command_string").asString() + ": "
                                + command.path("error_message").asString()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bq", "kubectl", "rclone", "gcsfuse", "psql"})
    void theInstalledProgramHasEveryFlag(String program) throws Exception {
        Path installed = InstalledPrograms.assumeInstalled(program);
        for (Map.Entry<String, Set<String>> line : reference(program).entrySet()) {
            String help = help(installed, line.getKey());
            for (String flag : line.getValue()) {
                assertThat(help).as(line.getKey()).containsPattern("(?m)(^|[\\s,])" + flag + "\\b");
            }
        }
    }

    private static String help(Path program, String command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.set(0, program.toString());
        if (program.endsWith("bq")) {
            return (help(List.of("bq", "help", words.get(1))) + help(List.of("bq", "--help"))).replace("[no]", "");
        }
        words.add("--help");
        return help(words) + (program.endsWith("kubectl") ? help(List.of(program.toString(), "options")) : "");
    }

    /** Not every program calls its help a success. */
    private static String help(List<String> command) throws IOException {
        return new String(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                UTF_8);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void ourOwnHelpHasEveryVerbAndOption(Path page) {
        Stream.concat(DocumentedCommands.blocks(page).stream(), DocumentedCommands.inline(page).stream())
                .map(text -> text.replace("\\\n", " "))
                .flatMap(text -> JAR.matcher(text).results())
                .map(call -> call.group(1).strip().split(" +"))
                .filter(words -> words[0].matches("[a-z][a-z0-9]*"))
                .forEach(words -> {
                    String help = ourHelp(words[0]);
                    Arrays.stream(words)
                            .filter(word -> word.startsWith("--") && !word.startsWith("--modelbatch."))
                            .map(word -> word.replaceFirst("=.*", ""))
                            .forEach(option ->
                                    assertThat(help).as(String.join(" ", words)).containsPattern(option + "\\b"));
                });
    }

    private static String ourHelp(String verb) {
        StringWriter out = new StringWriter();
        int exit = BatchCommand.run(
                new String[] {"help", verb},
                (settings, types) -> {
                    throw new AssertionError("no help starts the application");
                },
                new PrintWriter(out),
                new PrintWriter(out));
        assertThat(exit).as(verb + ": " + out).isEqualTo(ExitCode.COMPLETED.code());
        assertThat(out.toString()).as("the usage of " + verb).contains(" " + verb);
        return out.toString();
    }

    /** A property may stand in a text as an argument, and be set as a variable. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyPropertyIsOneThatTheApplicationLists(Path page) {
        Set<String> known = ourProperties();
        Set<String> variables = known.stream()
                .map(name -> name.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", ""))
                .collect(toSet());
        String text = DocumentedCommands.read(page);

        assertThat(known).hasSizeGreaterThan(10);
        assertThat(ARGUMENT.matcher(text).results().map(name -> name.group(1).replaceFirst("mounts\\..*", "mounts")))
                .isSubsetOf(known);
        assertThat(VARIABLE.matcher(text).results().map(name -> name.group(1)))
                .filteredOn(name -> !OF_DEVELOPMENT.contains(name))
                .isSubsetOf(variables);
    }

    /** As the application itself lists them where one is misspelled. */
    private static Set<String> ourProperties() {
        StringWriter message = new StringWriter();
        PrintWriter errors = new PrintWriter(message);
        BatchCommand.run(
                new String[] {"list", "--modelbatch.no=1"},
                (settings, types) -> {
                    throw new AssertionError("a misspelled property starts no application");
                },
                errors,
                errors);
        assertThatThrownBy(() -> GoogleSettings.of(new MockEnvironment(), Set.of("modelbatch.gcp.no")))
                .isInstanceOfSatisfying(SettingsException.class, refused -> errors.println(refused.getMessage()));
        return LISTED.matcher(message.toString())
                .results()
                .map(MatchResult::group)
                .filter(name -> !name.endsWith(".no"))
                .collect(toSet());
    }

    private static Map<String, Set<String>> reference(String program) throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/command-reference.txt")).stream()
                .filter(line -> line.startsWith(program + " "))
                .map(line -> line.split(" *\\| *"))
                .collect(toMap(columns -> columns[0], columns -> flags(program, columns[1])));
    }

    private static Set<String> flags(String program, String column) {
        return Stream.concat(
                        Arrays.stream(column.split(" ")).filter(flag -> !flag.isEmpty()),
                        program.equals("gcloud") ? OF_EVERY_GCLOUD.stream() : Stream.empty())
                .collect(toSet());
    }
}
