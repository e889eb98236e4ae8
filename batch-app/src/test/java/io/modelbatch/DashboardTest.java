package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.modelbatch.telemetry.Measure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, the alert rules and the page about metrics ask for metrics that runs have. */
class DashboardTest {
    private static final Path FILES = Path.of("../docs/observability");
    private static final Pattern METRIC = Pattern.compile("(?:modelbatch|spring_batch)_\\w+");
    private static final Pattern LABELS =
            Pattern.compile("\\{[^}]*}|\\b(?:by|on|ignoring|without|group_left)\\s*\\([^)]*\\)");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{[^\\n]*})? ");
    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `(modelbatch_\\w+)` \\| ([^|]*) \\| ([^|]*) \\|$");

    /** Metrics that a run has with GPUs, and with workers: see {@link FleetTelemetryIT}. */
    private static final Set<String> ELSEWHERE = Set.of(
            "modelbatch_device_memory_used_bytes",
            "modelbatch_device_memory_limit_bytes",
            "modelbatch_queue_waiting",
            "modelbatch_queue_executing",
            "modelbatch_queue_oldest_seconds",
            "modelbatch_workers_lost_total",
            "modelbatch_workers");

    private static String page = "";

    @BeforeAll
    static void run(@TempDir Path folder) throws IOException {
        ScrapedRun run = ScrapedRun.of(SmallShop.open(folder), "job=predict", "day=2026-01-02");
        assertThat(run.ended().exit()).as(run.ended().words()).isZero();
        page = run.page();
    }

    @Test
    void asksForMetricsThatARunHas() throws IOException {
        Set<String> scraped = samples(page);
        scraped.addAll(ELSEWHERE);

        assertThat(queries())
                .hasSizeGreaterThan(20)
                .allSatisfy((where, query) ->
                        assertThat(metrics(query)).as(where).isNotEmpty().isSubsetOf(scraped));
    }

    @Test
    void showsEveryMetricOfOurs() throws IOException {
        Set<String> asked = new TreeSet<>();
        queries().values().forEach(query -> asked.addAll(metrics(query)));

        Set<String> hidden = new TreeSet<>(ours().keySet());
        hidden.removeAll(asked);
        assertThat(hidden).containsExactly("modelbatch_run_start_timestamp_seconds");
    }

    @Test
    void thePageNamesEveryMetric() throws IOException {
        Map<String, String> documented = new LinkedHashMap<>();
        DOCUMENTED
                .matcher(Files.readString(Path.of("../docs/observability.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2) + "|" + row.group(3)));

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(ours());
    }

    @Test
    void theNetworkPolicyOfThePageIsForPodsOfTheManifests() throws IOException {
        String page = Files.readString(Path.of("../docs/observability.md"));
        String yaml = page.substring(page.indexOf("apiVersion: networking"));
        V1NetworkPolicy policy =
                io.kubernetes.client.util.Yaml.loadAs(yaml.substring(0, yaml.indexOf("```")), V1NetworkPolicy.class);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Egress");
        assertThat(Files.readString(Path.of("../k8s/predict/base/cronjob.yaml")))
                .contains("app.kubernetes.io/name: "
                        + policy.getSpec().getPodSelector().getMatchLabels().get("app.kubernetes.io/name"));
    }

    @Test
    void alertsFireWhenTheyMust() throws Exception {
        String promtool = InstalledPrograms.assumeInstalled("promtool").toString();

        assertThat(InstalledPrograms.output(List.of(
                        promtool, "check", "rules", FILES.resolve("alerts.yaml").toString())))
                .contains("SUCCESS");
        assertThat(InstalledPrograms.output(
                        List.of(promtool, "test", "rules", "src/test/resources/observability/alerts-test.yaml")))
                .contains("SUCCESS");
    }

    /** Prometheus itself scrapes the page of the run, evaluates the rules, and answers what the dashboard asks. */
    @Test
    void prometheusAnswersWhatTheDashboardAsks(@TempDir Path folder) throws Exception {
        Path program = InstalledPrograms.assumeInstalled("prometheus");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Process prometheus = start(program, folder, server.getAddress().getPort());
        try {
            URI api = URI.create("http://" + Files.readString(folder.resolve("address")));
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(answer(api, "count_over_time(modelbatch_rows_total[1m]) > 1"))
                            .isNotEmpty());

            for (Map.Entry<String, String> query : queries().entrySet()) {
                boolean elsewhere = metrics(query.getValue()).stream().anyMatch(ELSEWHERE::contains);
                JsonNode found = answer(api, query.getValue());
                if (query.getKey().startsWith("panel ")
                        && !elsewhere
                        && !query.getKey().startsWith("panel Time since complete")) {
                    assertThat(found).as(query.getKey()).isNotEmpty();
                }
            }
            assertThat(ScrapedRun.get(api.resolve("/api/v1/rules"))).contains("ModelbatchRunLate");
        } finally {
            prometheus.destroy();
            prometheus.waitFor();
            server.stop(0);
        }
    }

    private static Process start(Path program, Path folder, int scraped) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("address"), "127.0.0.1:" + port);
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [ "RULES" ]
                scrape_configs:
                  - job_name: modelbatch
                    static_configs: [ { targets: [ "127.0.0.1:PORT" ] } ]
                """.replace(
                        "RULES",
                        FILES.resolve("alerts.yaml")
                                .toAbsolutePath()
                                .normalize()
                                .toString())
                .replace("PORT", String.valueOf(scraped)));
        return new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=error")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    private static JsonNode answer(URI api, String query) {
        return JsonMapper.shared()
                .readTree(ScrapedRun.get(
                        api.resolve("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))))
                .get("data")
                .get("result");
    }

    /** The queries of panels and alerts, by where they are, as Grafana sends them. */
    private static Map<String, String> queries() throws IOException {
        Map<String, String> queries = new LinkedHashMap<>();
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FILES.resolve("grafana.json")));
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.put(
                        "panel " + panel.get("title").asString() + " "
                                + target.get("refId").asString(),
                        sent(target.get("expr").asString()));
            }
        }
        Map<String, List<Map<String, List<Map<String, Object>>>>> alerts =
                new Yaml().load(Files.readString(FILES.resolve("alerts.yaml")));
        for (Map<String, List<Map<String, Object>>> group : alerts.get("groups")) {
            group.get("rules").forEach(rule -> queries.put("alert " + rule.get("alert"), (String) rule.get("expr")));
        }
        return queries;
    }

    private static String sent(String expression) {
        return expression
                .replace("$__rate_interval", "1m")
                .replace("$__range", "6h")
                .replace("$job", ".*");
    }

    private static List<String> metrics(String query) {
        return METRIC.matcher(LABELS.matcher(query).replaceAll(""))
                .results()
                .map(metric -> metric.group())
                .toList();
    }

    private static Set<String> samples(String text) {
        return SAMPLE.matcher(text)
                .results()
                .map(sample -> sample.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The metrics of {@link Measure} as Prometheus names them, with their labels and descriptions. */
    private static Map<String, String> ours() {
        Map<String, String> ours = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Tags tags = Tags.of(
                    measure.labels().stream().map(label -> Tag.of(label, "x")).toList());
            if (measure.kind() == Measure.Kind.COUNTER) {
                measure.counter(meters, tags);
            } else {
                measure.gauge(meters, tags, () -> 0);
            }
            List<String> labels = new ArrayList<>();
            measure.labels().forEach(label -> labels.add("`" + label.replace('.', '_') + "`"));
            ours.put(samples(meters.scrape()).iterator().next(), String.join(", ", labels) + "|" + measure.help());
        }
        return ours;
    }
}
