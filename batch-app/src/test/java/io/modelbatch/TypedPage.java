package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the docs, followed line by line: its files are written, its commands are typed in a shell, and they say what the page says. It begins
 * in the clone of this repository, whose jar was built before.
 */
final class TypedPage {
    /** Prose up to the next block, the block's language, the block. */
    private static final Pattern PART = Pattern.compile("(?ms)(.*?)^```(\\w*)\n(.*?)^```$");

    private static final Pattern FILE = Pattern.compile("`(job-configs/[a-z]+\\.yaml)`[^`]*:\\s*\\z");

    private final String text;
    private final Path home;
    private final Map<String, String> environment;
    private Path folder = Path.of("..").toAbsolutePath().normalize();

    private TypedPage(String text, Path home, Map<String, String> environment) {
        this.text = text;
        this.home = home;
        this.environment = environment;
    }

    /**
     * A page.
     *
     * @param page its name
     * @param build its line that builds, which is not typed
     * @param home the home folder of whoever follows it
     * @param environment more variables of the shell
     */
    static TypedPage of(String page, String build, Path home, Map<String, String> environment) throws IOException {
        String text = Files.readString(Path.of("../docs", page));
        assertThat(text).contains(build);
        return new TypedPage(text.replace(build, ""), home, environment);
    }

    /** Follows it. Returns the folder in which it ends. */
    Path follow() throws IOException, InterruptedException {
        String said = "";
        for (MatchResult part : PART.matcher(text).results().toList()) {
            String block = part.group(3);
            switch (part.group(2)) {
                case "" -> said = typed(block);
                case "yaml" -> write(part.group(1), block);
                case "text" -> {
                    if (part.group(1).isBlank()) {
                        assertSaid(said, block);
                    }
                }
                default -> assertThat(part.group(2)).isIn("python", "java");
            }
        }
        return folder;
    }

    /** Types the lines of a block, and returns what they print. */
    private String typed(String block) throws IOException, InterruptedException {
        Path output = Files.createTempFile(home, "output-", ".log");
        Path where = home.resolve("where");
        ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", block + "pwd > '" + where + "'")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().put("HOME", home.toString());
        shell.environment().putAll(environment);
        int exit = shell.start().waitFor();
        String said = Files.readString(output);
        assertThat(exit).as(block + said).isZero();
        folder = Path.of(Files.readString(where).strip());
        return said;
    }

    /** Writes a file that the prose names; a block without a name is only shown. */
    private void write(String prose, String content) throws IOException {
        Matcher named = FILE.matcher(prose);
        if (named.find()) {
            Path file = folder.resolve(named.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }
    }

    /** The page may leave out lines, the ends of lines, and spaces. */
    private static void assertSaid(String said, String page) {
        List<String> lines = page.lines()
                .map(TypedPage::withoutSpaces)
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(withoutSpaces(said)).containsSubsequence(lines);
    }

    private static String withoutSpaces(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
