package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step from a jar is killed and resumed: no row is lost, and none is there twice. */
class ExtensionIT {
    private static final int ROWS = 300;
    private static final int KILLED = 137;

    private static final String JOB = """
            steps:
              - extract: { query: "SELECT n AS id, 'oat milk' AS text FROM UNNEST(GENERATE_ARRAY(1, 300)) AS n", key: id }
              - count-words: { text: text, to: "gs://results/words", rows: 10 }
            """;

    @TempDir
    private Path folder;

    @Test
    void isKilledAndResumed() throws Exception {
        ExtensionJar.put(folder);
        new CommandLine(folder).job("words", JOB);

        List<Integer> exits = Stream.of(
                        "AFTER_COMMIT:18", "BEFORE_COMMIT:18", "AFTER_COMMIT:12", "BEFORE_COMMIT:11", "NONE:0")
                .map(this::run)
                .toList();

        assertThat(exits).containsExactly(KILLED, KILLED, KILLED, KILLED, 0);
        assertThat(keys()).hasSize(ROWS);
        assertThat(new TreeSet<>(keys()))
                .isEqualTo(new TreeSet<>(
                        IntStream.rangeClosed(1, ROWS).mapToObj(String::valueOf).toList()));
    }

    private int run(String crash) {
        try {
            return BatchProcess.startCrashing(folder, crash, "job=words")
                    .await()
                    .exit();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> keys() throws IOException {
        try (Stream<Path> objects = Files.list(folder.resolve("local/buckets/results/words"))) {
            return objects.filter(object -> object.toString().endsWith(".tsv"))
                    .flatMap(ExtensionIT::lines)
                    .map(line -> line.split("\t")[0])
                    .toList();
        }
    }

    private static Stream<String> lines(Path object) {
        try {
            return Files.readAllLines(object).stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
