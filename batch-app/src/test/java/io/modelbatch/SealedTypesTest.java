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

/**
 * The same sources give the same bytes. Where a sealed type does not name its subtypes, the compiler writes them in the order in which it
 * meets them, and that depends on the folder of the build.
 */
class SealedTypesTest {
    private static final Pattern SEALED = Pattern.compile("\\bsealed (interface|class) [^{;]*\\{");

    @Test
    void eachNamesItsSubtypes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> sealed = files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(SealedTypesTest::declarations)
                    .toList();

            assertThat(sealed)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(declaration -> assertThat(declaration).containsPattern("\\spermits "));
        }
    }

    private static Stream<String> declarations(Path file) {
        try {
            return SEALED.matcher(Files.readString(file)).results().map(MatchResult::group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
