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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static List<String> changes(JobSpec job, Map<String, String> before) {
        return RunDefinition.of(job.settings())
                .changesSince(new RunDefinition(before, List.of()), job.defaults())
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
