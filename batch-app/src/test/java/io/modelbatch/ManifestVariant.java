package io.modelbatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of job and of options, from which manifests are made.
 *
 * @param title for the report of the tests
 * @param job the job's name
 * @param text its file
 * @param options of the verb
 */
record ManifestVariant(String title, String job, String text, List<String> options) {
    private static final String LONGEST = "a-name-with-all-of-the-fifty-two-characters-it-may-h";
    private static final String STEPS = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.rows", key: id }
              - infer: { model: gs://models/m, task: text-classification, text: text, to: gs://out/answers }
            """;
    private static final String SCHEDULE = "schedule: { cron: \"15 3 * * *\", zone: Asia/Tokyo }\n";
    private static final String GPU =
            "resources: { cpu: 8, memory: 32Gi, gpu: { type: nvidia-l4, count: 2 }, spot: true }\n";
    private static final String FALLBACK = "resources: { gpu: { type: nvidia-l4 }, spot: { fallback-after: 5 } }\n";
    private static final String TRAIN = """
              - train: { model: gs://models/base, task: text-classification, text: text, label: label }
            """;

    static Stream<ManifestVariant> all() {
        return Stream.of(
                of("one process", "plain", SCHEDULE + STEPS),
                of("no schedule", "by-hand", STEPS),
                of("a name that YAML takes for something else", "true", SCHEDULE + STEPS, "--workers=2"),
                of("GPUs on Spot machines", "gpu", SCHEDULE + GPU + STEPS),
                of("Spot machines", "spot", SCHEDULE + "resources: { spot: true }\n" + STEPS),
                of(
                        "a mounted bucket",
                        "mounted",
                        SCHEDULE + GPU + STEPS,
                        "--modelbatch.gcp.mounts.my.bucket=/mnt/my.bucket"),
                of("workers on processors", "workers", SCHEDULE + STEPS, "--workers=8"),
                of("workers with GPUs, and others instead", "fleet", SCHEDULE + FALLBACK + STEPS, "--workers=100"),
                of(
                        "workers with GPUs and a mount",
                        "mounted-fleet",
                        SCHEDULE + FALLBACK + STEPS,
                        "--workers=3",
                        "--modelbatch.gcp.mounts.models=/mnt/models"),
                of("workers without KEDA", "indexed", SCHEDULE + GPU + STEPS, "--workers=8", "--scaling=indexed-job"),
                of(
                        "workers by hand without KEDA",
                        "indexed-by-hand",
                        GPU + STEPS,
                        "--workers=8",
                        "--scaling=indexed-job"),
                of("a manager that trains", "trains", SCHEDULE + GPU + STEPS + TRAIN, "--workers=4"),
                of("the longest name", LONGEST, SCHEDULE + FALLBACK + STEPS, "--workers=8"),
                of(
                        "the longest name without KEDA",
                        LONGEST,
                        SCHEDULE + FALLBACK + STEPS,
                        "--workers=8",
                        "--scaling=indexed-job"));
    }

    private static ManifestVariant of(String title, String job, String text, String... options) {
        return new ManifestVariant(title, job, text, List.of(options));
    }

    RenderedJob render(Path folder) {
        try {
            Path jobs = Files.createDirectories(folder.resolve("job-configs"));
            Files.writeString(jobs.resolve(job + ".yaml"), text);
            List<String> words = new ArrayList<>(options);
            words.add("--image=" + RenderedJob.IMAGE);
            return RenderedJob.of(jobs, job, folder.resolve("manifests"), words.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
