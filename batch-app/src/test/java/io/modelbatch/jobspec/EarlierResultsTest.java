package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.extension.ResultReference;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.step.command.CommandOptions;
import io.modelbatch.step.command.NotebookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** References to results of earlier steps, from the file to the options. */
class EarlierResultsTest {
    @TempDir
    Path folder;

    @Test
    void waitUntilTheValueIsKnown() throws IOException {
        JobSpec job = job("""
                  - command: { run: [wc, "${day}/${steps.extract.rows}", "$${steps.extract.rows}"] }
                """);

        StepSpec waiting = job.step("command");
        StepSpec known = job.with(values(Map.of("rows", 12L))).step("command");

        assertThat(waiting.references()).containsExactly(new ResultReference("extract", "rows"));
        assertThat(run(waiting)).containsExactly("wc", "1/${steps.extract.rows}", "${steps.extract.rows}");
        assertThat(known.references()).isEmpty();
        assertThat(run(known)).containsExactly("wc", "1/12", "${steps.extract.rows}");
        assertThat(job.settings())
                .containsEntry("command.run", JsonMapper.shared().writeValueAsString(run(waiting)));
    }

    /** Nothing in a value is a reference, or means anything to what replaces it. */
    @Test
    void areReplacedOnce() throws IOException {
        JobSpec job = job("  - command: { run: [wc, \"${steps.extract.rows}\"] }\n");

        for (String value : List.of("${steps.extract.rows}", "${day}", "$1\\$0", "#{1+1}")) {
            assertThat(run(job.with(values(Map.of("rows", value))).step("command")))
                    .containsExactly("wc", value);
        }
    }

    @Test
    void numbersInTextsHaveNoExponent() throws IOException {
        JobSpec job = job("  - command: { run: [wc, \"${steps.extract.rows}\"] }\n");

        Map.of(0.0005, "0.0005", 1e22, "10000000000000000000000", 3.0, "3", 0.0, "0")
                .forEach((value, text) -> assertThat(
                                run(job.with(values(Map.of("rows", value))).step("command")))
                        .containsExactly("wc", text));
    }

    /** Where a text, a number, or true or false may stand, the value keeps its type. */
    @Test
    void keepTheirTypeInANotebook() throws IOException {
        JobSpec job = job("""
                  - notebook: { notebook: a.ipynb, parameters: { rows: "${steps.extract.rows}", text: "n=${steps.extract.rows}" } }
                """);

        NotebookOptions options = (NotebookOptions)
                job.with(values(Map.of("rows", 12L))).step("notebook").options();

        assertThat(options.parameters()).isEqualTo(Map.of("rows", 12L, "text", "n=12"));
    }

    @Test
    void aPathStaysBelowItsFolder() throws IOException {
        JobSpec job = job("  - upload: { from: \"out/${steps.extract.rows}\", to: gs://bucket/x }\n");

        assertThatThrownBy(() -> job.with(values(Map.of("rows", "../secret"))))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining("upload.from: must stay below out/");
    }

    private JobSpec job(String steps) throws IOException {
        Files.writeString(
                folder.resolve("job.yaml"),
                "parameters: { day: { type: int64 } }\nsteps:\n  - extract: { query: SELECT 1, key: a }\n" + steps);
        return new JobFiles(folder).parse("job", BuiltInStepTypes.all()).resolve(Map.of("day", "1"), Clock.systemUTC());
    }

    private static ResultValues values(Map<String, Object> extract) {
        return reference -> Optional.ofNullable(extract.get(reference.value()));
    }

    private static List<String> run(StepSpec command) {
        return ((CommandOptions) command.options()).run();
    }
}
