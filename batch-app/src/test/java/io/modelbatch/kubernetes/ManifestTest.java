package io.modelbatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ManifestTest {
    @Test
    void aValueThatIsSetKeepsItsPlaceAndTheCommentsAroundIt() {
        Manifest manifest = Manifest.parse("""
                # of the whole
                spec:
                  schedule: "" # as in the job file
                  # of the list
                  args: []
                  limits: { cpu: "1" }
                """);

        manifest.set("/spec/schedule", "15 3 * * *")
                .set("/spec/args", List.of("job=a"))
                .set("/spec/limits/memory", "4Gi");

        assertThat(manifest.text()).isEqualTo("""
                # of the whole
                spec:
                  schedule: "15 3 * * *" # as in the job file
                  # of the list
                  args: [job=a]
                  limits: {cpu: "1", memory: 4Gi}
                """);
    }

    /** Names of jobs and texts of job files are read again as what they are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "on",
                "y",
                "1",
                "1e3",
                "0x1",
                "0o7",
                "1-2",
                "2026-01-01",
                "~",
                "",
                " a ",
                "a: b",
                "a #b",
                "- a",
                "%a",
                "'",
                "\"",
                "a\n",
                "a\nb",
                "a\r\nb\r\n",
                " a\n  b \n\n",
                "a\n\n\n",
                "\ta\n",
                "# a\n",
                "日本\n\uD83D\uDE00\n",
                "\u0085",
                "\\n",
                "---\na\n",
                "${date}"
            })
    void aTextIsReadAgainAsItWas(String text) {
        String yaml = Manifest.parse("{}").set("/a", text).text();

        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);

        assertThat(read).as(yaml).isEqualTo(java.util.Map.of("a", text));
    }
}
