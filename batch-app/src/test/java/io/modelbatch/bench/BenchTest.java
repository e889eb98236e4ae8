package io.modelbatch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ScriptedDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
    @TempDir
    Path folder;

    @Test
    void saysWhatAModelDoes() throws Exception {
        Path rows =
                Files.writeString(folder.resolve("rows.jsonl"), "{\"id\": 7, \"text\": \"milk\"}\n".repeat(50) + "\n");
        Path out = Files.createDirectory(folder.resolve("out"));

        BenchResult result = run(rows, "text-classification", out);

        assertThat(result.rows()).isEqualTo(50);
        assertThat(result.dtype()).isEqualTo("float32");
        assertThat(result.padding()).isEqualTo(1);
        assertThat(result.forwardShare()).isGreaterThan(0).isLessThanOrEqualTo(1.01);
        assertThat(result.rowsPerSecond()).isPositive();
        assertThat(result.tokensPerSecond()).isGreaterThan(result.rowsPerSecond());
        assertThat(result.gflops().orElseThrow()).isPositive();
        assertThat(result.peakGflops()).isPositive();
        assertThat(result.firstSeconds()).isPositive().isLessThanOrEqualTo(result.totalSeconds());
        assertThat(result.peakMib()).isPositive();
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var found = statement.executeQuery(
                        "SELECT count(*), sum(id), count(label) FROM read_parquet('" + out + "/*.parquet')")) {
            found.next();
            assertThat(found.getLong(1)).isEqualTo(50);
            assertThat(found.getLong(2)).isEqualTo(350);
            assertThat(found.getLong(3)).isEqualTo(50);
        }
    }

    @Test
    void measuresATrustedArchiveToo() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"milk\"}\n".repeat(50));
        Path own = ScriptedDirectory.write(folder.resolve("own"), "bert-classification", ScriptedDirectory.YAML);
        BenchOptions options = BenchOptions.of(own.toString(), "text-classification", rows, "float32", "cpu", 2, null);

        BenchResult result = Bench.local(folder.resolve("cache")).run(options.trusting(ScriptedDirectory.sha256(own)));

        assertThat(result.rows()).isEqualTo(50);
        assertThat(result.gflops()).isEmpty();
        assertThatThrownBy(() -> Bench.local(folder.resolve("cache")).run(options))
                .hasMessageContaining("--trusted-sha256 " + ScriptedDirectory.sha256(own));
    }

    @Test
    void measuresInt8() throws Exception {
        assumeThatCode(ComputeDevice.CPU::requireInt8).doesNotThrowAnyException();
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"milk\"}\n".repeat(50));
        String model = Fixture.named("bert-classification").model().toString();

        BenchResult result = Bench.local(folder.resolve("cache"))
                .run(BenchOptions.of(model, "text-classification", rows, "int8", "cpu", 2, null));

        assertThat(result.dtype()).isEqualTo("int8");
        assertThat(result.peakGflops()).isPositive();
    }

    /** On a processor without such products a large one of matrices takes minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "float16"})
    @Timeout(60)
    void measuresTypesThatTheProcessorLacks(String dtype) throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"milk\"}\n".repeat(50));
        String model = Fixture.named("bert-classification").model().toString();

        BenchResult result = Bench.local(folder.resolve("cache"))
                .run(BenchOptions.of(model, "text-classification", rows, dtype, "cpu", 2, null));

        assertThat(result.peakGflops()).isPositive();
    }

    @Test
    void aStandardModelIsLikeARealOne() throws Exception {
        Path directory = StandardModel.MINILM.write(folder);
        Path rows = StandardModel.MINILM.rows(directory);

        assertThat(StandardModel.MINILM.write(folder)).isEqualTo(directory);
        assertThat(Files.size(directory.resolve("model.safetensors"))).isBetween(80_000_000L, 100_000_000L);
        assertThat(Files.readAllLines(rows)).hasSize(4_000);
    }

    /** A model for another task is the user's mistake, and no failure of the application. */
    @Test
    void saysWhatTheModelLacks() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"milk\"}\n");
        String encoder = Fixture.named("sentence-embeddings").model().toString();
        assertThatThrownBy(() -> Bench.local(folder.resolve("cache"))
                        .run(BenchOptions.of(encoder, "text-classification", rows, "float32", "cpu", 2, null)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("was not fine-tuned to classify");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> run(folder.resolve("none.jsonl"), "text-classification", folder))
                .isInstanceOf(BenchException.class)
                .hasMessageContainingAll("none.jsonl", "is missing");
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\"text\": \"a\"}\n{\"text\": 1}\n");
        assertThatThrownBy(() -> run(broken, "text-classification", folder))
                .isInstanceOf(BenchException.class)
                .hasMessageContainingAll("broken.jsonl", "line 2");
        assertThatThrownBy(() -> run(broken, "translation", folder))
                .isInstanceOf(BenchException.class)
                .hasMessageContainingAll("--task is translation", "token-classification");
    }

    private BenchResult run(Path rows, String task, Path out) throws Exception {
        return Bench.local(folder.resolve("cache"))
                .run(BenchOptions.of(
                        Fixture.named("bert-classification").model().toString(), task, rows, "float32", "cpu", 2, out));
    }
}
