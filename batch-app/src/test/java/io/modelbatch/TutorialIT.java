package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/tutorial.md}, line by line: its files are written, its commands are typed, and they say what the page says. */
class TutorialIT {
    /** Prose up to the next block, the block's language, the block. */
    private static final Pattern PART = Pattern.compile("(?ms)(.*?)^```(\\w*)\n(.*?)^```$");

    private static final Pattern FILE = Pattern.compile("`(job-configs/[a-z]+\\.yaml)`[^`]*:\\s*\\z");
    private static final String BUILD = "./mvnw -q -DskipTests package\n";

    @TempDir
    private Path home;

    private Path folder = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theTutorial() throws Exception {
        String said = "";
        for (MatchResult part : PART.matcher(Files.readString(Path.of("../docs/tutorial.md")))
                .results()
                .toList()) {
            String block = part.group(3);
            switch (part.group(2)) {
                case "" -> said = typed(block.replace(BUILD, "")); // the jar was built before the tests
                case "yaml" -> write(part.group(1), block);
                case "text" -> {
                    if (part.group(1).isBlank()) {
                        assertSaid(said, block);
                    }
                }
                default -> assertThat(part.group(2)).isEqualTo("python");
            }
        }

        assertThat(folder).isEqualTo(home.resolve("tickets"));
        assertThat(folder.resolve("local/warehouse/support/teams.parquet")).exists();
        assertThat(folder.resolve("local/buckets/support-ml/teams/2026-03-31/manifest.json"))
                .exists();
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
        int exit = shell.start().waitFor();
        String said = Files.readString(output);
        assertThat(exit).as(block + said).isZero();
        folder = Path.of(Files.readString(where).strip());
        return said;
    }

    private void write(String prose, String content) throws IOException {
        MatchResult named = FILE.matcher(prose).results().findFirst().orElseThrow();
        Path file = folder.resolve(named.group(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** The page may leave out lines, the ends of lines, and spaces. */
    private static void assertSaid(String said, String page) {
        List<String> lines = page.lines()
                .map(TutorialIT::withoutSpaces)
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(withoutSpaces(said)).containsSubsequence(lines);
    }

    private static String withoutSpaces(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
