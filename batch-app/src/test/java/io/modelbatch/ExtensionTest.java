package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A type of step from a jar is read, completed, checked and refused as those of this project are. */
class ExtensionTest {
    private static final String JOB = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - count-words: { text: text, to: "gs://results/words", rows: 2 }
            """;

    @TempDir
    private Path folder;

    private CommandLine batch;

    @BeforeEach
    void jar() throws Exception {
        ExtensionJar.put(folder);
        batch = new CommandLine(folder)
                .job("words", JOB)
                .table("shop.lines", "id,text\n1,oat milk\n2,bread\n3,two red apples\n");
    }

    @Test
    void runs() throws Exception {
        CommandLine.Ended ended = run("job=words");

        assertThat(ended.exit()).as(ended.words()).isZero();
        Path results = folder.resolve("local/buckets/results/words");
        assertThat(Files.readAllLines(results.resolve("words-000000000.tsv"))).hasSize(2);
        assertThat(Files.readAllLines(results.resolve("words-000000002.tsv"))).hasSize(1);
        assertThat(run("report").output()).contains("\"words-of-rows\" : 3");
        assertThat(run("job=words", "again=true").exit()).isZero();
    }

    @Test
    void isInTheSchemaAndInTheCheck() {
        assertThat(run("schema").output())
                .contains("count-words", "column whose words are counted", "\"default\" : 100");
        assertThat(run("check").output()).contains("counting of 'count-words'", "objects of 2 rows");
    }

    @Test
    void itsResultsAndItsOptionsAreReferredTo() {
        batch.job("words", JOB + """
                  - mark: { object: "gs://results/${steps.count-words.words-of-rows}", allowed: true }
                """);

        CommandLine.Ended ended = run("job=words");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(folder.resolve("local/buckets/results/3")).hasContent("mark");
        batch.job("words", JOB.replace("rows: 2 }", "rows: 2 }\n  - mark: { object: \"${steps.count-words.word}\" }"));
        assertThat(run("check", "job=words").words())
                .contains("the step 'count-words' leaves no 'word'; did you mean 'words-of-rows'?");
    }

    /** The query is refused with the line of the step, before it runs. */
    @Test
    void aColumnThatItReadsMustBeInTheQuery() {
        batch.job("words", JOB.replace("text: text", "text: words"));

        assertThat(run("check").words())
                .contains("no column 'words' (text of 'count-words', line 3)", "it has id, text");
        assertThat(run("job=words").words()).contains("no column 'words' (text of 'count-words', line 3)");
        assertThat(folder.resolve("local/buckets/results/words/words-000000000.tsv"))
                .doesNotExist();
    }

    @Test
    void itsProblemsWithTheRowsAreFoundByCheck() {
        batch.job("words", JOB.replace("SELECT id, text", "SELECT id, NULLIF(text, 'bread') AS text"));

        CommandLine.Ended ended = run("check");

        assertThat(ended.exit()).isNotZero();
        assertThat(ended.words())
                .contains("1 of 3 rows have no 'text' (null), and there are no words to count; leave them out");
    }

    /** A lambda, which has no name and tells no listener. */
    @Test
    void aStepOfAnyClassIsExecutedAndReported() throws Exception {
        String job = """
                steps:
                  - mark: { name: arrived, object: "gs://results/mark", allowed: false }
                """;
        batch.job("marks", job);

        CommandLine.Ended failed = run("job=marks");
        assertThat(failed.exit()).isNotZero();
        assertThat(failed.output()).contains("\"step\":\"arrived\"", "FAILED");
        batch.job("marks", job.replace("false", "true"));
        CommandLine.Ended ended = run("job=marks", "again=true");
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("\"step\":\"arrived\"", "COMPLETED");
        assertThat(folder.resolve("local/buckets/results/mark")).hasContent("arrived");
    }

    /** The mistakes of its options are reported as all others are, with their lines. */
    @Test
    void itsMistakesHaveLines() {
        batch.job("words", """
                steps:
                  - extract:
                      query: SELECT id, text FROM shop.lines
                      key: id
                      partitions: 4
                  - count-words:
                      text: text
                      to: gs://results/words
                  - count-words:
                      name: more
                      txt: text
                      to: results
                      rows: 0
                  - count-word: {}
                """);

        CommandLine.Ended ended = run("list");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors())
                .contains("words.yaml:5:", "must be 1, for 'count-words' reads the rows one after the other")
                .contains("words.yaml:11:", "did you mean 'text'?")
                .contains("words.yaml:12:", "must be gs://BUCKET/FOLDER")
                .contains("words.yaml:13:")
                .contains("words.yaml:14:", "did you mean 'count-words'?");
    }

    @Test
    void withoutItsJarTheStepIsUnknown() throws Exception {
        Files.delete(folder.resolve("extensions/count-words.jar"));

        assertThat(run("list").errors()).contains("words.yaml:3:", "unknown step");
    }

    @Test
    void aJarThatCannotBeLoadedIsNamed() throws Exception {
        Path jar = folder.resolve("extensions/count-words.jar");
        Files.write(jar, "no jar".getBytes(StandardCharsets.UTF_8));

        CommandLine.Ended ended = run("list");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors()).contains("count-words.jar").hasLineCount(1);
    }

    private CommandLine.Ended run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--modelbatch.extensions=" + folder.resolve("extensions"));
        return batch.run(all.toArray(String[]::new));
    }
}
