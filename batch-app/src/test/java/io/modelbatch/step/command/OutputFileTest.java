package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of what a program printed. */
class OutputFileTest {
    private static final int LINE = 16;

    @TempDir
    private Path folder;

    @Test
    void aShortOneIsWhole() throws Exception {
        write(10);

        assertThat(Files.readString(folder.resolve("output.log"))).isEqualTo(lines(0, 10));
    }

    /** Up to three parts fit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7})
    void aLongOneKeepsBeginningAndEnd(int parts) throws Exception {
        int count = parts * (OutputFile.PART / LINE) - 5;

        write(count);

        String text = Files.readString(folder.resolve("output.log"));
        assertThat(text)
                .startsWith(lines(0, OutputFile.PART / LINE - 5))
                .endsWith(lines(count - OutputFile.PART / LINE + 5, count));
        if (parts <= 3) {
            assertThat(text).isEqualTo(lines(0, count));
        } else {
            long left = (long) (parts - 3) * OutputFile.PART;
            assertThat(text).contains("\n[… %,d bytes are left out here …]\n".formatted(left));
            assertThat(text.length()).isLessThan(3 * OutputFile.PART + 100);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("other files are removed").hasSize(1);
        }
    }

    private void write(int count) throws Exception {
        try (OutputFile file = OutputFile.create(folder.resolve("output.log"))) {
            byte[] bytes = lines(0, count).getBytes(StandardCharsets.US_ASCII);
            for (int from = 0; from < bytes.length; from += 65_536) {
                file.write(bytes, from, Math.min(65_536, bytes.length - from));
            }
        }
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("%015d\n".formatted(i));
        }
        return lines.toString();
    }
}
