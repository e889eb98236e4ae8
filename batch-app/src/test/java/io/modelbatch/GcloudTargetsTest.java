package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.sun.net.httpserver.HttpServer;
import io.modelbatch.GcloudFolder.Execution;
import io.modelbatch.kubernetes.DeploymentException;
import io.modelbatch.kubernetes.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Jobs without a cluster: what deploy.sh gives to gcloud, held to Google's own messages and to gcloud itself. */
class GcloudTargetsTest {
    private static final String L4 = "cpu: 3, gpu: { type: nvidia-l4 }, spot: true";

    @TempDir
    private Path jobs;

    @TempDir
    private Path home;

    private GcloudFolder folder;

    @BeforeEach
    void folder() {
        folder = new GcloudFolder(home);
    }

    private void render(Target target, String resources, int workers) throws IOException {
        folder.write(GcloudFolder.files(target, jobs, "predict", job(resources), workers));
    }

    private static String job(String resources) {
        return """
                schedule: { cron: "15 3 * * 1-5", zone: Asia/Tokyo }
                resources: { %s }
                parameters: { date: { type: date, default: yesterday } }
                steps:
                  - extract: { query: "SELECT line_id, text FROM shop.lines WHERE day = @date", key: line_id, partitions: 64 }
                  - infer: { model: gs://receipts-ml/models/base, task: feature-extraction, text: text, to: "gs://receipts-ml/p/${date}", device: gpu }
                """.formatted(resources);
    }

    private static Schema schema(String name) throws IOException {
        JsonNode all = JsonMapper.shared()
                .readTree(Files.readString(
                        Path.of("src/test/resources/io/modelbatch/kubernetes/google-api-schemas.json")));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JsonMapper.shared()
                        .createObjectNode()
                        .put("$ref", "#/$defs/" + name)
                        .<tools.jackson.databind.node.ObjectNode>set("$defs", all.get("$defs"))
                        .toString());
    }

    private void deployed() throws Exception {
        Execution deployed = folder.deploy(Map.of());
        assertThat(deployed.code()).as(deployed.text()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu: 2                                    | 0
            cpu: 2, memory: 12Gi                      | 3
            cpu: 3, gpu: { type: nvidia-l4 }          | 0
            cpu: 3, gpu: { type: nvidia-l4 }          | 4
            """)
    void jobsOfCloudRunHaveTheFieldsOfItsApi(String resources, int workers) throws Exception {
        render(Target.CLOUD_RUN, resources, workers);
        deployed();

        for (int i = 0; i < (workers > 0 ? 2 : 1); i++) {
            assertThat(schema("cloud-run-job").validate(folder.given("" + i), InputFormat.YAML))
                    .isEmpty();
            assertThat(folder.given("" + i)).doesNotContain("${").contains("sslmode=require&connectTimeout=10");
        }
        assertThat(schema("cloud-run-job").validate(folder.given("0").replace("taskCount", "tasks"), InputFormat.YAML))
                .hasSize(1);
    }

    @Test
    void workersOfCloudRunEndAfterAnHourAndAreStartedAgain() throws Exception {
        render(Target.CLOUD_RUN, L4, 4);
        deployed();

        JsonNode workers = new YAMLMapper().readTree(folder.given("0")).at("/spec/template");
        JsonNode task = workers.at("/spec/template/spec");
        assertThat(workers.at("/spec/taskCount").intValue()).isEqualTo(4);
        assertThat(task.path("timeoutSeconds").intValue()).isEqualTo(3600);
        assertThat(task.path("maxRetries").intValue()).isEqualTo(10);
        assertThat(task.at("/nodeSelector/run.googleapis.com~1accelerator").stringValue())
                .isEqualTo("nvidia-l4");
        assertThat(task.at("/containers/0/args"))
                .as("none would take over from a worker that says that it may be taken away")
                .hasToString("[\"worker\",\"--idle=5m\",\"--partitions=2\"]");
        assertThat(task.at("/containers/0/resources/limits"))
                .hasToString("{\"cpu\":\"4\",\"memory\":\"16Gi\",\"nvidia.com/gpu\":\"1\"}");

        JsonNode manager = new YAMLMapper().readTree(folder.given("1")).at("/spec/template/spec/template/spec");
        assertThat(manager.at("/containers/0/args"))
                .hasToString("[\"job=predict\",\"--modelbatch.workers=remote\",\"wait=1m\"]");
        assertThat(manager.path("nodeSelector").isMissingNode()).isTrue();
        assertThat(manager.at("/containers/0/env").toString())
                .as("it waits for its network, a minute each time that the application opens its pool")
                .contains("{\"name\":\"SPRING_DATASOURCE_HIKARI_INITIALIZATIONFAILTIMEOUT\",\"value\":\"60000\"}");
        assertThat(manager.at("/containers/0/env").toString())
                .contains("{\"name\":\"MODELBATCH_GCP_STARTWORKERS\",\"value\":\"https://run.googleapis.com/v2/projects"
                        + "/receipts-prod/locations/europe-west1/jobs/predict-workers:run\"}");
        assertThat(folder.calls().stream().filter(call -> call.contains("http")).toList())
                .singleElement()
                .asString()
                .contains("create, http, predict,", "/jobs/predict:run");
    }

    @Test
    void aManagerOnCloudRunGivesTheGroupOfMachinesItsSize() throws Exception {
        render(Target.COMPUTE, L4, 4);
        deployed(); // the start-up script is given first

        JsonNode manager = new YAMLMapper().readTree(folder.given("1"));
        assertThat(schema("cloud-run-job").validate(folder.given("1"), InputFormat.YAML))
                .isEmpty();
        assertThat(manager.toString())
                .contains("https://compute.googleapis.com/compute/v1/projects/receipts-prod/regions/europe-west1"
                        + "/instanceGroupManagers/predict-workers/resize?size=4");
        assertThat(folder.calls())
                .anyMatch(call -> call.containsAll(List.of(
                        "instance-templates", "create", "--machine-type=g2-standard-4", "--provisioning-model=SPOT")));
        assertThat(folder.calls()).anyMatch(call -> call.containsAll(List.of("managed", "create", "--size=0")));
    }

    /** A run that has lost too many Spot workers takes no others, so somebody must start those. */
    @Test
    void aRunThatFallsBackHasAGroupOfMachinesThatStay() throws Exception {
        render(Target.COMPUTE, "cpu: 3, gpu: { type: nvidia-l4 }, spot: { fallback-after: 5 }", 4);
        deployed();

        assertThat(templates("predict-workers-")).singleElement().asString().contains("--provisioning-model=SPOT");
        assertThat(templates("predict-on-demand-"))
                .singleElement()
                .asString()
                .contains("--machine-type=g2-standard-4")
                .doesNotContain("SPOT");
        assertThat(folder.given("predict-workers.sh"))
                .contains("group=predict-workers\n", "arguments=(worker --idle=5m --partitions=2 --spot)\n");
        assertThat(folder.given("predict-on-demand.sh"))
                .contains("group=predict-on-demand\n", "arguments=(worker --idle=5m --partitions=2)\n");
        assertThat(new YAMLMapper().readTree(folder.given("2")).toString())
                .contains("MODELBATCH_GCP_STARTWORKERS", "/predict-workers/resize?size=4")
                .contains("MODELBATCH_GCP_STARTONDEMANDWORKERS", "/predict-on-demand/resize?size=4");
    }

    private List<List<String>> templates(String name) throws IOException {
        return folder.calls().stream()
                .filter(call -> call.contains("instance-templates") && call.contains("create"))
                .filter(call -> call.stream().anyMatch(word -> word.startsWith(name)))
                .toList();
    }

    /** All its machines are Spot machines: a worker that said so would leave the rest of the run to nobody. */
    @Test
    void aCustomJobKeepsToItsSpotMachines() throws Exception {
        render(Target.VERTEX, "cpu: 3, gpu: { type: nvidia-l4 }, spot: { fallback-after: 5 }", 4);
        deployed();

        JsonNode pools = JsonMapper.shared().readTree(folder.given("0")).at("/jobSpec/workerPoolSpecs");
        assertThat(pools.at("/0/containerSpec/args").toString()).contains("wait=1m");
        assertThat(pools.at("/1/containerSpec/args")).hasToString("[\"worker\",\"--partitions=2\"]");
    }

    /** The day of a run is that of its first attempt; no secret is in a file or in the words of a call. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KUBERNETES")
    void noFileHasAPasswordAndAllNameTheSecret(Target target) throws Exception {
        Map<String, String> files = GcloudFolder.files(target, jobs, "predict", job(L4), 4);

        assertThat(files.values()).noneMatch(text -> text.matches("(?s).*PASSWORD[=\"]?[^S].{0,20}value: [^\\n]*"));
        assertThat(files.values()).anyMatch(text -> text.contains("${SECRET}"));
        assertThat(files).containsKeys("deploy.sh", "job-configs/predict.yaml");
        assertThat(files.get("job-configs/predict.yaml")).endsWith(job(L4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu: 2                                                                  | 0 | e2-highmem-2
            cpu: 16, memory: 64Gi                                                   | 2 | e2-standard-16
            gpu: { type: nvidia-l4 }, spot: true                                    | 4 | g2-standard-4
            cpu: 6, memory: 20Gi, gpu: { type: nvidia-l4 }                          | 4 | g2-standard-8
            cpu: 20, gpu: { type: nvidia-l4, count: 2 }, spot: { fallback-after: 2 } | 0 | g2-standard-24
            gpu: { type: nvidia-tesla-t4, count: 2 }, memory: 20Gi                  | 1 | n1-standard-8
            gpu: { type: nvidia-h100-80gb, count: 8 }                               | 9 | a3-highgpu-8g
            """)
    void customJobsHaveTheFieldsOfTheirApi(String resources, int workers, String type) throws Exception {
        render(Target.VERTEX, resources, workers);
        deployed();

        assertThat(schema("vertex-custom-job").validate(folder.given("0"), InputFormat.JSON))
                .isEmpty();
        JsonNode spec = JsonMapper.shared().readTree(folder.given("0")).path("jobSpec");
        assertThat(spec.at("/scheduling/strategy").stringValue())
                .isEqualTo(resources.contains("spot") ? "SPOT" : "STANDARD");
        JsonNode pools = spec.path("workerPoolSpecs");
        assertThat(pools.at("/0/replicaCount").intValue()).isEqualTo(1);
        assertThat(pools.get(pools.size() - 1).at("/machineSpec/machineType").stringValue())
                .isEqualTo(type);
        assertThat(pools.get(pools.size() - 1).path("replicaCount").intValue()).isEqualTo(Math.max(1, workers));
        assertThat(folder.given("0")).doesNotContain("${").contains("it's $1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cloud-run | cpu: 9, memory: 33Gi, gpu: { type: nvidia-tesla-t4, count: 2 } | 8 cores at most, not 9; 32Gi at most, not 33Gi; nvidia-l4, not nvidia-tesla-t4; one GPU, not 2; --target=compute
            vertex    | gpu: { type: nvidia-l5 }                                       | there is no machine type for nvidia-l5; nvidia-l4, nvidia-tesla-a100
            compute   | cpu: 5, memory: 17Gi, gpu: { type: nvidia-l4, count: 3 }       | no machine type has cpu: 5, memory: 17Gi, gpu: { type: nvidia-l4, count: 3 }; g2-standard-24 (cpu: 24, memory: 96Gi, count: 2)
            compute   | memory: 1Ti                                                    | no machine type has cpu: 2, memory: 1Ti; e2-highmem-16
            """)
    void aMachineThatIsNotThereIsRefusedWithThoseThatAre(String target, String resources, String parts) {
        Target place = Stream.of(Target.values())
                .filter(one -> one.toString().equals(target))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> GcloudFolder.files(place, jobs, "predict", job(resources), 0))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContainingAll(parts.split("; "));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KUBERNETES")
    void nothingIsCalledWhereAValueIsMissingOrCannotBeWritten(Target target) throws Exception {
        render(target, L4, 4);

        Execution without = folder.deployWithout("REGION");
        Execution quoted = folder.deploy(Map.of("BUCKET", "a\"b", "IMAGE", "$(reboot)"));

        assertThat(without.code()).isEqualTo(2);
        assertThat(without.text()).contains("REGION is missing", "nothing was changed");
        assertThat(quoted.code()).isEqualTo(2);
        assertThat(quoted.text()).contains("BUCKET has a character", "IMAGE has a character");
        assertThat(folder.calls()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KUBERNETES")
    void aSecondDeploymentUpdatesWhatIsThere(Target target) throws Exception {
        render(target, L4, 4);
        folder.deploy(Map.of("THERE", "1"));

        assertThat(folder.calls())
                .noneMatch(call -> call.contains("create"))
                .anyMatch(call -> call.containsAll(List.of(
                        "update", "http", "--schedule=15 3 * * 1-5", "--time-zone=Asia/Tokyo", "--http-method=POST")));
    }

    @Test
    void aJobWithoutAScheduleIsStartedByHand() throws Exception {
        folder.write(GcloudFolder.files(
                Target.CLOUD_RUN, jobs, "train", Files.readString(Path.of("../job-configs/notebook.yaml")), 0));
        deployed();

        assertThat(folder.calls()).anyMatch(call -> call.containsAll(List.of("scheduler", "jobs", "pause", "train")));
    }

    /** {@code gcloud} itself parses each call, with its required words, kinds of values and choices. */
    @Test
    void gcloudParsesEveryCall() throws Exception {
        InstalledPrograms.assumeInstalled("gcloud");
        for (Target target : List.of(Target.CLOUD_RUN, Target.VERTEX, Target.COMPUTE)) {
            for (String there : List.of("0", "1")) {
                GcloudFolder each = new GcloudFolder(Files.createDirectories(home.resolve(target + there)));
                each.write(GcloudFolder.files(
                        target,
                        jobs,
                        "predict",
                        job("gpu: { type: nvidia-tesla-t4 }, spot: true")
                                .replace(
                                        "nvidia-tesla-t4",
                                        target == Target.CLOUD_RUN ? "nvidia-l4" : "nvidia-tesla-t4"),
                        target == Target.COMPUTE && there.equals("1") ? 0 : 4));
                each.deploy(Map.of("THERE", there));
                Files.writeString(
                        home.resolve("all"),
                        Files.readString(each.folder().resolve("calls")),
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND);
            }
        }
        List<String> commands = Stream.of(Files.readString(home.resolve("all")).split("\u001e"))
                .map(call -> Stream.of(call.split("\u001f"))
                        .map(word -> word.contains(" ") ? "\"" + word + "\"" : word)
                        .reduce((one, other) -> one + " " + other)
                        .orElseThrow())
                .distinct()
                .filter(command -> !command.contains(" replace - ")) // reads its input; executed below
                .toList();
        Path file = Files.writeString(
                home.resolve("commands.json"),
                JsonMapper.shared()
                        .writeValueAsString(commands.stream()
                                .map(command -> Map.of("command_string", command))
                                .toList()));

        JsonNode checked = JsonMapper.shared()
                .readTree(InstalledPrograms.output(
                        List.of("gcloud", "meta", "lint-gcloud-commands", "--commands-file=" + file)));

        assertThat(commands).hasSizeGreaterThan(15);
        assertThat(checked.valueStream()
                        .filter(command -> !command.path("success").asBoolean())
                        .map(command -> command.path("command_string").asString() + ": "
                                + command.path("error_message").asString()))
                .isEmpty();
    }

    /** {@code gcloud run jobs replace} sends what the file says: it knows each field, and adds its own name. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void gcloudSendsEveryFieldOfAJobOfCloudRun(String which) throws Exception {
        Path gcloud = InstalledPrograms.assumeInstalled("gcloud");
        render(Target.CLOUD_RUN, L4, 4);
        deployed();
        ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
        HttpServer run = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        run.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean isNew = exchange.getRequestMethod().equals("GET");
            if (!isNew) {
                sent.add(new String(body, java.nio.charset.StandardCharsets.UTF_8));
            }
            byte[] answer = isNew
                    ? "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\"}}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                    : body;
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(isNew ? 404 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        run.start();
        try {
            ProcessBuilder replace = new ProcessBuilder(
                            gcloud.toString(),
                            "run",
                            "jobs",
                            "replace",
                            "-",
                            "--project=p",
                            "--region=europe-west1",
                            "--async")
                    .redirectErrorStream(true)
                    .redirectInput(home.resolve("given").resolve(which).toFile());
            replace.environment()
                    .putAll(Map.of(
                            "CLOUDSDK_CONFIG",
                            home.resolve("config").toString(),
                            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS",
                            "true",
                            "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN",
                            "http://run.test/",
                            "CLOUDSDK_PROXY_TYPE",
                            "http",
                            "CLOUDSDK_PROXY_ADDRESS",
                            run.getAddress().getHostString(),
                            "CLOUDSDK_PROXY_PORT",
                            String.valueOf(run.getAddress().getPort())));
            Process process = replace.start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } finally {
            run.stop(0);
        }

        JsonNode file = new YAMLMapper().readTree(folder.given(which)).at("/spec/template/spec");
        JsonNode request = JsonMapper.shared().readTree(sent.element()).at("/spec/template/spec");
        assertThat(JsonMapper.shared()
                        .readTree(request.toString()
                                .replaceAll("\"timeoutSeconds\":\"(\\d+)\"", "\"timeoutSeconds\":$1")))
                .isEqualTo(JsonMapper.shared().readTree(file.toString()));
    }
}
