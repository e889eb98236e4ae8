package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, it is read or refused with words, in little time. */
class MutatedJobFilesTest {
    private static final List<String> PIECES = List.of(
            "\n",
            "\n  ",
            "  ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "&a ",
            "*a",
            "!!str ",
            "? ",
            "| ",
            ">",
            "%",
            "@",
            "`",
            "#",
            " #",
            "---",
            "...",
            "<<: ",
            "~",
            "null",
            "${",
            "$${",
            "${date}",
            "\t",
            "0",
            "-1",
            "1e999",
            "\u0000",
            "\uD83D\uDE00",
            "\u0085",
            "\u2028",
            "\\",
            ",");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train", "predict"})
    void everyMutationIsReadOrRefusedWithWords(String name) throws IOException {
        String good = Files.readString(Path.of("../job-configs", name + ".yaml"));
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            refused += read(mutated(good, random));
        }
        assertThat(refused).isBetween(500, 1499);
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(mutated.length());
            int to = Math.min(mutated.length(), from + random.nextInt(12));
            mutated.replace(from, random.nextBoolean() ? from : to, PIECES.get(random.nextInt(PIECES.size())));
        }
        return mutated.toString();
    }

    @Test
    void largeFilesAreRefusedInLittleTime() throws IOException {
        long start = System.nanoTime();
        read("steps:\n" + "  - x: {}\n".repeat(90_000));
        read("k: 1\n".repeat(200_000));
        StringBuilder keys = new StringBuilder();
        for (int i = 0; keys.length() < 1_000_000; i++) {
            keys.append("descriptio").append(i).append(": x\n");
        }
        read(keys.toString());
        read("steps:\n  - extract: { query: q, key: k }\n  - infer: { to: gs://bucket" + "/x".repeat(400_000) + " }\n");
        read("a: " + "[".repeat(1_000_000));
        read("? ".repeat(400_000));
        read("a: \"" + "${".repeat(400_000) + "\"");
        read("a: " + "1".repeat(1_000_000));
        read("schedule: { cron: \"" + "*,".repeat(400_000) + "\" }");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    private int read(String text) throws IOException {
        Files.write(folder.resolve("job.yaml"), text.getBytes(StandardCharsets.UTF_8));
        try {
            new JobFiles(folder).parse("job", BuiltInStepTypes.all()).resolve(Map.of(), Clock.systemUTC());
            return 0;
        } catch (JobFileException e) {
            assertThat(e.problems()).isNotEmpty();
            return 1;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("not refused with words: " + text.substring(0, Math.min(2000, text.length())), e);
        }
    }
}
