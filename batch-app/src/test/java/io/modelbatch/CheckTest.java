package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} in the local environment. */
class CheckTest {
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder)
                .table("shop.lines", "id,text\n1,milk\n")
                .model("models/tiny", Fixture.named("bert-classification").model());
    }

    @Test
    void aJobThatCanRunIsSaidTo() throws IOException {
        shop.job("predict", predict("id, text", "models/tiny"));

        Ended check = shop.run("check", "job=predict");

        assertThat(check.exit()).as(check.words()).isZero();
        assertThat(check.output())
                .contains(
                        "job predict",
                        "job repository: H2 ",
                        "model gs://models/tiny",
                        "writing to gs://results",
                        "device",
                        "Nothing stands");
        assertThat(shop.bucket("results/x")).isEmptyDirectory();
        assertThat(Files.exists(folder.resolve("local/pinned"))).isFalse();
    }

    @Test
    void allThatIsWrongIsFoundAtOnce() {
        shop.job("predict", predict("id, txt", "models/none"))
                .job("broken", "steps: [{ extract: { query: SELECT 1 } }]");

        Ended check = shop.run("check");

        assertThat(check.exit()).isEqualTo(USAGE);
        assertThat(check.output())
                .contains("'key'", "txt", "gs://models/none", "would stop a run")
                .doesNotContain("Exception");
    }

    @Test
    void findingsAreJsonForPrograms() {
        shop.job("predict", predict("id, text", "models/tiny"));

        assertThat(shop.run("check", "job=predict", "--json").output()).contains("\"state\" : \"ok\"");
    }

    private static String predict(String columns, String model) {
        return """
                steps:
                  - extract: { query: "SELECT %s FROM shop.lines", key: id }
                  - infer: { model: "gs://%s", task: text-classification, text: text, to: "gs://results/x" }
                  - load: { table: shop.answers }
                """.formatted(columns, model);
    }
}
