package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.GcloudFolder.Execution;
import io.modelbatch.kubernetes.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts of a virtual machine, as deploy.sh gives them to the group, with programs in place of docker, the driver and Google's servers. */
class ComputeMachineTest {
    /** Answers as the metadata server, the token service and Cloud Storage do. */
    private static final String CURL = """
            #!/bin/bash
            printf '%s\\x1f' curl "$@" >>"$CALLS"
            printf '\\x1e' >>"$CALLS"
            address=${@: -1}
            while [[ $# -gt 0 ]]; do
              [[ $1 != --output ]] || file=$2
              shift
            done
            case $address in
              */token) echo '{"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"}' ;;
              */zone) echo projects/123/zones/europe-west1-b ;;
              */name) echo predict-workers-x1y2 ;;
              *alt=media) echo "steps: []" >"$file" ;;
            esac
            """;

    private static final String RECORDER = """
            #!/bin/bash
            printf '%s\\x1f' "${0##*/}" "$@" >>"$CALLS"
            printf '\\x1e' >>"$CALLS"
            """;

    /** Ends as the next line of a file says. */
    private static final String DOCKER = RECORDER + """
            [[ $1 == run ]] || exit 0
            code=$(head -1 "$CODES")
            sed -i 1d "$CODES"
            exit "$code"
            """;

    @TempDir
    private Path jobs;

    @TempDir
    private Path home;

    /** Deploys, and executes the start-up script of a machine whose container ends with these codes. */
    private Execution started(String resources, int workers, List<String> codes)
            throws IOException, InterruptedException {
        GcloudFolder folder = new GcloudFolder(home);
        folder.write(GcloudFolder.files(Target.COMPUTE, jobs, "predict", """
                resources: { %s }
                steps:
                  - extract: { query: "SELECT line_id, text FROM shop.lines", key: line_id }
                  - infer: { model: gs://receipts-ml/m, task: feature-extraction, text: text, to: gs://receipts-ml/p }
                """.formatted(resources), workers));
        folder.program("curl", CURL);
        folder.program("docker", DOCKER);
        for (String name : List.of("cos-extensions", "mount", "docker-credential-gcr", "sleep")) {
            folder.program(name, RECORDER);
        }
        Execution deployed = folder.deploy(Map.of());
        assertThat(deployed.code()).as(deployed.text()).isZero();
        Files.delete(home.resolve("calls"));
        Path codesFile = Files.write(home.resolve("codes"), codes);
        return folder.execute(
                home.resolve("given/predict" + (workers > 0 ? "-workers.sh" : ".sh")),
                Stream.of(Map.of(
                        "CODES",
                        codesFile.toString(),
                        "STATE",
                        home.resolve("state").toString())));
    }

    private List<List<String>> calls(String program) throws IOException {
        return new GcloudFolder(home)
                .calls().stream().filter(call -> call.get(0).equals(program)).toList();
    }

    private List<List<String>> runs() throws IOException {
        return calls("docker").stream()
                .filter(call -> call.get(1).equals("run"))
                .toList();
    }

    private boolean hasLeft() throws IOException {
        return calls("curl").stream()
                .anyMatch(call -> call.get(call.size() - 1)
                                .equals(
                                        "https://compute.googleapis.com/compute/v1/projects/receipts-prod/regions/europe-west1"
                                                + "/instanceGroupManagers/predict-workers/deleteInstances")
                        && call.contains("{\"instances\": [\"zones/europe-west1-b/instances/predict-workers-x1y2\"]}")
                        && call.contains("Authorization: Bearer ya29.token"));
    }

    @Test
    void aWorkerGetsItsGpuItsSettingsAndNoPassword() throws Exception {
        Execution started = started("gpu: { type: nvidia-l4 }, spot: true", 4, List.of("0"));

        assertThat(started.code()).as(started.text()).isZero();
        List<String> run = runs().get(0);
        assertThat(run.subList(run.size() - 5, run.size()))
                .containsExactly(
                        "europe-west1-docker.pkg.dev/receipts-prod/modelbatch/modelbatch:1",
                        "worker",
                        "--idle=5m",
                        "--partitions=2",
                        "--spot");
        assertThat(run)
                .contains(
                        "--read-only",
                        "--env=MODELBATCH_GCP_BUCKET=receipts-ml",
                        "--env=MODELBATCH_GCP_MAXBYTES=it's $1",
                        "--env=MODELBATCH_GCP_PASSWORDSECRET=projects/receipts-prod/secrets/modelbatch-repository",
                        "--env=SPRING_DATASOURCE_URL=jdbc:postgresql://10.1.2.3:5432/modelbatch?sslmode=require&connectTimeout=10",
                        "--volume=/var/lib/nvidia/lib64:/usr/local/nvidia/lib64:ro")
                .noneMatch(word -> word.startsWith("--env=SPRING_DATASOURCE_PASSWORD"));
        assertThat(calls("cos-extensions")).hasSize(1);
        assertThat(calls("docker-credential-gcr").get(0)).contains("--registries=europe-west1-docker.pkg.dev");
        assertThat(hasLeft()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0         | 1 | 0
            2         | 1 | 0
            3         | 1 | 0
            4         | 1 | 1
            143       | 1 | 1
            137 0     | 2 | 1
            1 0       | 2 | 1
            5 1 1     | 3 | 3
            1 143     | 2 | 2
            137 137 0 | 3 | 2
            """)
    void theExitCodeSaysHowOftenAndHowLongAMachineTries(String codes, int runs, int pauses) throws Exception {
        started("cpu: 2", 4, List.of(codes.split(" ")));

        assertThat(runs()).hasSize(runs);
        assertThat(calls("sleep")).hasSize(pauses).allMatch(call -> call.contains("60"));
        assertThat(hasLeft()).as("no machine is left without work").isTrue();
        assertThat(calls("cos-extensions")).isEmpty();
    }

    @Test
    void aMachineThatDoesEverythingFetchesTheJobFile() throws Exception {
        Execution started = started("cpu: 2", 0, List.of("0"));

        assertThat(started.code()).as(started.text()).isZero();
        assertThat(home.resolve("state/job-configs/predict.yaml")).hasContent("steps: []");
        assertThat(runs().get(0))
                .contains(
                        "job=predict",
                        "--env=MODELBATCH_JOBS=/etc/modelbatch/job-configs",
                        "--volume=" + home.resolve("state/job-configs") + ":/etc/modelbatch/job-configs:ro");
        assertThat(home.resolve("manager.yaml")).doesNotExist();
    }
}
