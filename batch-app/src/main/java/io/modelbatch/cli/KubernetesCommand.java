package io.modelbatch.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.kubernetes.Deployment;
import io.modelbatch.kubernetes.ImageName;
import io.modelbatch.kubernetes.Rendered;
import io.modelbatch.kubernetes.RenderedFolder;
import io.modelbatch.kubernetes.Target;
import io.modelbatch.kubernetes.Workers;
import io.modelbatch.kubernetes.Workers.Scaling;
import io.modelbatch.run.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "k8s",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the manifests that run a job on Kubernetes: a base and overlays of kustomize.",
            "The settings of Google Cloud (--modelbatch.gcp.*, MODELBATCH_GCP_*) go into the overlay gke.",
            "Other targets need no cluster: cloud-run, vertex and compute have a script for gcloud."
        })
final class KubernetesCommand implements Callable<Integer> {
    private static final int MOST_WORKERS = 10_000;

    private final Settings settings;
    private final StepTypes types;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "job=NAME", arity = "0..*", description = "the job")
    private List<String> words = List.of();

    @Option(names = "--to", paramLabel = "DIR", description = "folder of the files (k8s/NAME, cloud-run/NAME, ...)")
    private @Nullable Path to;

    @Option(names = "--image", paramLabel = "IMAGE", description = "address of the container image")
    private @Nullable String image;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "lets at most N workers share a run (without it, one process does all)")
    private @Nullable Integer workers;

    @Option(
            names = "--scaling",
            paramLabel = "S",
            description =
                    "what starts workers: keda, by the partitions that there are, or indexed-job, all of them with the"
                            + " job (keda)")
    private @Nullable Scaling scaling;

    @Option(
            names = "--target",
            paramLabel = "T",
            description = "where the job runs: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Target target = Target.KUBERNETES;

    KubernetesCommand(Settings settings, StepTypes types) {
        this.settings = settings;
        this.types = types;
    }

    @Override
    public Integer call() throws IOException {
        JobFile job = job();
        String text = Files.readString(settings.jobs().resolve(job.name() + ".yaml"));
        Rendered rendered = target.rendering()
                .render(new Deployment(
                        job,
                        text,
                        Optional.ofNullable(image).map(ImageName::parse),
                        workers(job),
                        settings.googleCloud()));
        Path folder = to == null ? target.folder(job.name()) : to;
        new RenderedFolder(folder).write(rendered);
        PrintWriter out = spec.commandLine().getOut();
        rendered.files().keySet().stream()
                .map(folder::resolve)
                .collect(groupingBy(
                        file -> Objects.requireNonNull(file.getParent()),
                        TreeMap::new,
                        mapping(file -> file.getFileName().toString(), joining(", "))))
                .forEach((place, names) -> out.println("Wrote " + place + ": " + names));
        rendered.notes().forEach(note -> out.println("Note: " + note));
        target.next(folder).forEach(command -> out.println("Next: " + command));
        return ExitCode.COMPLETED.code();
    }

    private JobFile job() {
        Map<String, String> assignments = JobCommand.assignments(words, "k8s takes job=NAME");
        String name = assignments.remove(JobCommand.JOB);
        if (!assignments.isEmpty()) {
            throw new UsageException(
                    "There is no '" + assignments.keySet().iterator().next()
                            + "' here: k8s takes job=NAME. A run on a schedule has the defaults of its parameters");
        }
        JobFiles files = new JobFiles(settings.jobs());
        if (name == null) {
            throw new UsageException("Which job? Type job=NAME; jobs: " + String.join(", ", files.names()));
        }
        return files.parse(name, types);
    }

    private Optional<Workers> workers(JobFile job) {
        if (workers == null) {
            if (scaling != null) {
                throw new UsageException("--scaling=" + scaling + " is about workers; add --workers=N");
            }
            return Optional.empty();
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new UsageException("--workers=" + workers + " is not a number of workers from 1 to 10,000");
        }
        if (!Workers.canHelp(job)) {
            throw new UsageException("Workers would have nothing to do: no step of " + job.name()
                    + " has partitions that workers execute. Leave --workers out. The steps are "
                    + job.stepTypes().stream().map(type -> type.key()).collect(joining(", ")));
        }
        return Optional.of(new Workers(workers, scaling == null ? Scaling.KEDA : scaling));
    }
}
