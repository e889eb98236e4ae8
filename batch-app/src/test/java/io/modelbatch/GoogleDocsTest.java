package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the application with docs/google-cloud.md. */
class GoogleDocsTest {
    private static final Path PAGE = Path.of("../docs/google-cloud.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ROLE = Pattern.compile("roles/[a-z]+\\.[a-zA-Z]+");
    private static final Pattern GCSFUSE = Pattern.compile("gcsfuse --[^\n\"]*");
    private static final Pattern DRIVER = Pattern.compile("mountOptions: \"[^\"]*");
    private static final Pattern RCLONE = Pattern.compile("rclone mount [^\n\"]*");

    @Test
    void everyRoleThatAMessageNamesIsOnThePage() throws IOException {
        List<String> named = found(ROLE, messages()).distinct().toList();

        assertThat(named).hasSizeGreaterThan(8);
        assertThat(found(ROLE, Stream.of(read(PAGE)))).containsAll(named);
    }

    /** On machines with accelerators gcsfuse otherwise never looks again at what it once saw. */
    @Test
    void everyMountForgetsWhatItSaw() throws IOException {
        List<String> texts = Stream.concat(messages(), Stream.of(read(PAGE))).toList();

        assertThat(found(GCSFUSE, texts.stream()))
                .hasSizeGreaterThan(1)
                .allMatch(command -> command.contains("--metadata-cache-ttl-secs=60"));
        assertThat(found(DRIVER, texts.stream()))
                .isNotEmpty()
                .allMatch(options -> options.contains("metadata-cache:ttl-secs:60"));
        assertThat(found(RCLONE, texts.stream()))
                .isNotEmpty()
                .allMatch(command -> command.contains("--vfs-cache-mode off --dir-cache-time 10s"));
    }

    private static Stream<String> found(Pattern pattern, Stream<String> texts) {
        return texts.flatMap(text -> pattern.matcher(text).results()).map(MatchResult::group);
    }

    private static Stream<String> messages() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile).map(GoogleDocsTest::read).toList().stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
