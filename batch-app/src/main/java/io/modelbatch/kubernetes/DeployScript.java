package io.modelbatch.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.modelbatch.jobspec.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The shell script that brings a job to Google Cloud without a cluster. It puts the values of a project in place of <code>${NAME}</code> in the
 * files beside it.
 *
 * @param deployment the job
 * @param service the service, as Google calls it
 * @param more names that have no default, beside those of all targets
 */
record DeployScript(Deployment deployment, String service, List<String> more) {
    static final String NAME = "deploy.sh";

    private static final List<String> REQUIRED =
            List.of("PROJECT", "LOCATION", "REGION", "BUCKET", "IMAGE", "ACCOUNT", "REPOSITORY_URL");

    /**
     * The script.
     *
     * @param functions resources with functions of the target
     * @param commands calls of these functions
     */
    String text(List<String> functions, List<String> commands) {
        Optional<Schedule> schedule = Optional.ofNullable(deployment.job().schedule());
        StringBuilder script = new StringBuilder("""
                #!/usr/bin/env bash
                # Brings the job %1$s to %2$s with gcloud. Run it again after each change.
                set -euo pipefail
                cd "$(dirname "$0")"
                JOB=%1$s
                SCHEDULE="%3$s" # empty for starts by hand
                ZONE="%4$s"
                %5$srequired=(%6$s %7$s)
                """.formatted(
                        deployment.job().name(),
                        service,
                        schedule.map(Schedule::cron).orElse(""),
                        schedule.map(Schedule::zone).map(Object::toString).orElse("UTC"),
                        image(),
                        String.join(" ", REQUIRED),
                        String.join(" ", more))
                .replace(" )", ")"));
        script.append(resource("deploy"));
        functions.forEach(name -> script.append('\n').append(resource(name)));
        script.append('\n');
        commands.forEach(command -> script.append(command).append('\n'));
        return script.toString();
    }

    private String image() {
        return deployment
                .image()
                .map(image -> ": \"${IMAGE:=" + image.address() + "}\"\n")
                .orElse("");
    }

    static String resource(String name) {
        try {
            return Resources.toString(
                    Objects.requireNonNull(DeployScript.class.getResource(name + ".sh"), name), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
