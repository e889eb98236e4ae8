package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages about every file in {@code broken}: the text beside it, to the letter. */
class BrokenJobFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/jobspec/broken");

    static List<String> names() {
        return new JobFiles(FOLDER).names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void reportsEveryProblemAtOnce(String name) throws IOException {
        JobFileException refused = catchThrowableOfType(
                JobFileException.class, () -> new JobFiles(FOLDER).parse(name, BuiltInStepTypes.all()));

        String problems = refused.problems().stream()
                .map(problem -> problem.toString().replace(FOLDER + "/", ""))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(problems).isEqualTo(Files.readString(FOLDER.resolve(name + ".txt")));
    }
}
