package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages of the verb k8s. */
class KubernetesCommandTest {
    private static final String EXTRACT =
            "steps: [{ extract: { query: \"SELECT id, text FROM shop.rows\", key: id, partitions: 5 } }, ";
    private static final String INFER = EXTRACT
            + "{ infer: { model: gs://models/m, task: text-classification, text: text, to: gs://out/answers } }]\n";
    private static final String TRAIN =
            EXTRACT + "{ train: { model: gs://models/m, task: text-classification, text: text, label: id } }]\n";
    private static final String YESTERDAY = "parameters: { date: { type: date, default: yesterday } }\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeJobs() throws Exception {
        Files.createDirectories(folder.resolve("job-configs"));
        job("infer", "schedule: { cron: \"15 3 * * *\" }\n" + INFER);
        job("by-hand", INFER);
        job("train", "schedule: { cron: \"15 3 * * *\" }\n" + TRAIN);
        job("late", "schedule: { cron: \"0 22 * * *\" }\n" + YESTERDAY + INFER);
        job("hourly", "schedule: { cron: \"0 * * * *\" }\n" + INFER);
        job("spot", "schedule: { cron: \"15 3 * * *\" }\nresources: { spot: { fallback-after: 2 } }\n" + INFER);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --workers=2                           | Which job? Type job=NAME; jobs: by-hand, hourly, infer, late, spot, train
            job=infre                             | did you mean 'infer'?
            job=infer date=2026-01-01             | There is no 'date' here
            infer                                 | 'infer' is not NAME=VALUE
            job=infer --workers=0                 | --workers=0 is not a number of workers from 1 to 10,000
            job=infer --workers=two               | --workers
            job=infer --scaling=indexed-job       | add --workers=N
            job=infer --scaling=knative           | indexed-job
            job=infer --target=nomad              | kubernetes
            job=train --workers=2                 | Workers would have nothing to do: no step of train has partitions that workers execute
            job=infer --image=https://a/b         | 'https://a/b' is not the address of an image
            job=infer --image=a/B:1               | 'a/B:1' is not the address of an image
            """)
    void aWrongCommandIsRefusedInWords(String words, String message) {
        CommandLine.Ended ended = k8s(words);

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors()).contains(message).doesNotContain("Exception");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            job=by-hand                           | Start it with: kubectl create job --from=cronjob/by-hand by-hand-1
            job=late                              | The schedule leaves a run 45 minutes
            job=infer                             | The pods have the image 'modelbatch'. Name yours with --image
            job=infer                             | MODELBATCH_GCP_PROJECT, MODELBATCH_GCP_LOCATION, MODELBATCH_GCP_DATASET, MODELBATCH_GCP_BUCKET
            job=infer --modelbatch.gcp.project=p  | command: MODELBATCH_GCP_LOCATION, MODELBATCH_GCP_DATASET, MODELBATCH_GCP_BUCKET
            job=infer --workers=4                 | the rows have 5: 3 of 4 workers would have work
            job=spot                              | Ask for them with --workers
            job=spot --workers=2 --scaling=indexed-job | Only KEDA starts workers on demand after lost ones, as resources.spot.fallback-after asks. Without it the run keeps to Spot machines
            job=by-hand --workers=2 --scaling=indexed-job | The CronJob of the workers is suspended, too
            """)
    void surprisesAreSaidBefore(String words, String note) {
        CommandLine.Ended ended = k8s(words);

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("Wrote " + folder.resolve("out/base") + ": cronjob.yaml, ", "Note: ", note);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            job=by-hand --target=cloud-run          | Start it with: gcloud scheduler jobs run by-hand
            job=late --target=compute               | The schedule leaves a run 45 minutes
            job=infer --target=vertex --workers=4   | the rows have 5: 3 of 4 workers would have work
            job=spot --target=compute               | Ask for them with --workers
            job=spot --target=cloud-run --workers=2 | Cloud Run has no Spot machines
            job=spot --target=vertex --workers=2    | A custom job has Spot machines alone
            job=infer --target=vertex --modelbatch.gcp.mounts.b=/mnt | the settings of mounted buckets are left out
            """)
    void theSameIsSaidWithoutACluster(String words, String note) {
        CommandLine.Ended ended = k8s(words);

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output())
                .contains("Note: ", note, "Next: bash " + folder.resolve("out/deploy.sh") + " # docs/cloud-run.md");
    }

    @Test
    void nothingIsSaidWhereAllIsThere() {
        for (String job : List.of("infer", "hourly")) {
            List<String> words = new ArrayList<>(RenderedJob.GOOGLE);
            words.addAll(List.of("job=" + job, "--image=" + RenderedJob.IMAGE, "--workers=3"));

            assertThat(k8s(String.join(" ", words)).output())
                    .doesNotContain("Note: ")
                    .contains("Next: kubectl apply -k " + folder.resolve("out/overlays/gke") + " #");
        }
    }

    /** A date that depends on the day is the same for all attempts; other jobs have their time. */
    @Test
    void attemptsEndOnTheDayOfTheFirstWhereThatMatters() throws Exception {
        k8s("job=late");
        assertThat(folder.resolve("out/base/cronjob.yaml"))
                .content()
                .contains("startingDeadlineSeconds: 900", "activeDeadlineSeconds: 2700");

        k8s("job=hourly");
        assertThat(folder.resolve("out/base/cronjob.yaml"))
                .content()
                .contains("startingDeadlineSeconds: 3600", "activeDeadlineSeconds: 43200");
    }

    private void job(String name, String text) throws Exception {
        Files.writeString(folder.resolve("job-configs/" + name + ".yaml"), text);
    }

    private CommandLine.Ended k8s(String typed) {
        List<String> words = new ArrayList<>(
                List.of("k8s", "--modelbatch.jobs=" + folder.resolve("job-configs"), "--to=" + folder.resolve("out")));
        words.addAll(
                Arrays.stream(typed.split(" ")).filter(word -> !word.isEmpty()).toList());
        return CommandLine.runAlone(words.toArray(String[]::new));
    }
}
