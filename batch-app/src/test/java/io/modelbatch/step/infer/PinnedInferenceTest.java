package io.modelbatch.step.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.inference.RedactOptions;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.inference.TokenAggregation;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.step.StepOutputs;
import io.modelbatch.step.StepRepository;
import io.modelbatch.step.rows.StepInput;
import io.modelbatch.warehouse.PinnedInput;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

/** Nothing of it is lost on the way to another process. */
class PinnedInferenceTest {
    @TempDir
    private Path folder;

    @Test
    void everyOptionArrives() {
        InferOptions options = new InferOptions(
                "gs://models/m@latest",
                "a".repeat(64),
                Task.FEATURE_EXTRACTION,
                "text",
                "second",
                128,
                "gs://results/x",
                ResultOptions.Format.JSONL,
                3,
                TokenAggregation.MAX,
                TextModelOptions.LongText.CHUNK,
                new RedactOptions(RedactOptions.As.HASH, "KEY"),
                "query: ",
                "query",
                InferOptions.DtypeChoice.AUTO,
                "gpu:1",
                new ResultOptions.Rejects(7, new BigDecimal("0.0250")),
                new ResultOptions.BlockOptions(500));
        for (FieldType type : List.of(
                FieldType.INT64,
                FieldType.STRING,
                FieldType.FLOAT64,
                FieldType.SCORES,
                FieldType.ENTITIES,
                FieldType.embedding(384))) {
            PinnedInference pinned = new PinnedInference(
                    options,
                    new StepInput(
                            new PinnedInput(
                                    "dataset.table",
                                    "id",
                                    "string",
                                    List.of("id", "text", "second"),
                                    List.of(1L, 0L, Long.MAX_VALUE),
                                    Instant.parse("2026-01-02T03:04:05.678901Z"),
                                    "f00d"),
                            null),
                    new PinnedModel(
                            "gs://models/m@2",
                            "b".repeat(64),
                            400_000_000L,
                            new RecordSchema(List.of(
                                    new RecordSchema.Field("id", FieldType.STRING),
                                    new RecordSchema.Field("answer", type))),
                            Precision.BFLOAT16,
                            "0123456789abcdef",
                            new PrecisionTrial(Precision.BFLOAT16, 256, 1.75, 1, 0.001)));

            assertThat(throughTheRepository(pinned)).isEqualTo(pinned);
        }
    }

    @Test
    void soDoDefaults() {
        PinnedInference pinned = new PinnedInference(
                Options.classification("models/tiny", "gs://results/x"),
                new StepInput(
                        new PinnedInput(
                                "rows", "id", "int64", List.of("id", "text"), List.of(1L), Instant.EPOCH, "f00d"),
                        null),
                new PinnedModel(
                        "models/tiny",
                        "b".repeat(64),
                        null,
                        new RecordSchema(List.of(new RecordSchema.Field("id", FieldType.INT64))),
                        Precision.FLOAT32,
                        null,
                        null));

        assertThat(throughTheRepository(pinned)).isEqualTo(pinned);
    }

    private PinnedInference throughTheRepository(PinnedInference pinned) {
        StepRepository repository = StepRepository.open(folder);
        StepOutputs outputs = repository.kit().outputs();
        JobExecution execution = repository.execution(repository.run("predict"));
        StepExecution manager = repository.step(execution, "infer");
        outputs.putForPartitions(manager.getExecutionContext(), pinned);
        repository.save(manager);
        return outputs.forPartitions(repository.step(execution, "infer:0"), PinnedInference.class);
    }
}
