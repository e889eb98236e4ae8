package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.launch.BuiltInStepTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;

class RunDefinitionTest {
    @TempDir
    Path folder;

    @Test
    void aNewOptionThatAJobLeavesToItsDefaultIsNotAChange() throws Exception {
        JobSpec job = job("");

        assertThat(job.settings()).containsEntry("train.device", "auto");
        assertThat(changes(job, without(job, "train.device"))).isEmpty();
    }

    @Test
    void aNewOptionThatAJobSetsIsAChange() throws Exception {
        JobSpec job = job("device: cpu");

        assertThat(changes(job, without(job, "train.device"))).containsExactly("train.device: was not there, is 'cpu'");
    }

    @Test
    void anotherValueIsAChangeEvenIfItIsTheDefault() throws Exception {
        JobSpec job = job("");
        Map<String, String> before = new HashMap<>(job.settings());
        before.put("train.seed", "7");
        before.put("train.learning-rate", "1.0E-4");

        assertThat(changes(job, before))
                .containsExactlyInAnyOrder(
                        "train.seed: was '7', is '42'", "train.learning-rate: was '1.0E-4', is '5.0E-5'");
    }

    @Test
    void aDefinitionIsKeptWithAnExecution() {
        JobExecution execution = new JobExecution(7, new JobInstance(3, "predict"), new JobParameters());
        RunDefinition kept = new RunDefinition(
                Map.of("infer.model", "a"), Map.of(), "words", true, List.of("infer.block: was '1', is '2'"));
        assertThat(RunDefinition.of(execution)).isEmpty();

        kept.keep(execution);

        assertThat(RunDefinition.of(execution)).contains(kept);
    }

    @Test
    void acceptedChangesAreCollected() {
        RunDefinition.Change change = new RunDefinition.Change("infer.block", "2", null);

        RunDefinition accepting = new RunDefinition(Map.of("infer.model", "a"), null, null, null, List.of())
                .accepting(List.of("earlier"), List.of(change));

        assertThat(accepting.accepted()).containsExactly("earlier", "infer.block: was '2', is not there");
    }

    @Test
    void aChangeConcernsAStepThatHasBegun() {
        RunDefinition.Change option = new RunDefinition.Change("infer.model", "a", "b");
        RunDefinition.Change version = new RunDefinition.Change("modelbatch", "1", "2");

        assertThat(option.concerns(Set.of("extract"))).isFalse();
        assertThat(option.concerns(Set.of("extract", "infer"))).isTrue();
        assertThat(version.concerns(Set.of())).isFalse();
        assertThat(version.concerns(Set.of("extract"))).isTrue();
    }

    @Test
    void aChangeIsOfAnOptionOrOfAPartOfIt() {
        RunDefinition.Change rows = new RunDefinition.Change("infer.block.rows", "1", "2");

        assertThat(rows.isOf("block")).isTrue();
        assertThat(rows.isOf("block.rows")).isTrue();
        assertThat(rows.isOf("blo")).isFalse();
    }

    private static List<String> changes(JobSpec job, Map<String, String> before) {
        return RunDefinition.of(job.settings(), job.spelled(), null, null)
                .changesSince(new RunDefinition(before, null, null, null, List.of()), job.defaults())
                .stream()
                .map(RunDefinition.Change::toString)
                .toList();
    }

    private static Map<String, String> without(JobSpec job, String key) {
        Map<String, String> settings = new HashMap<>(job.settings());
        settings.remove(key);
        return settings;
    }

    private JobSpec job(String option) throws Exception {
        Files.writeString(folder.resolve("train.yaml"), """
                steps:
                  - extract: { query: SELECT 1, key: id }
                  - train:
                      model: gs://models/base
                      task: text-classification
                      text: text
                      label: label
                      %s
                """.formatted(option));
        return new JobFiles(folder).parse("train", BuiltInStepTypes.all()).resolve(Map.of(), Clock.systemUTC());
    }
}
