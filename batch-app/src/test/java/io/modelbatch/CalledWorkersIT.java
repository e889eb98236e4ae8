package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.modelbatch.store.google.StorageServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager on Google Cloud that nobody has started workers for: it asks the service of its settings, and the workers end when they are idle. */
class CalledWorkersIT {
    private static final int ROWS = 60;

    @TempDir
    private Path folder;

    @Test
    void aManagerAsksForWorkersOnceItsPartitionsWait() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        List<Process> workers = new CopyOnWriteArrayList<>();
        HttpServer run = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map<String, String> repository = PostgresServer.environment(PostgresServer.sharedDatabase());
        try (StorageServer storage = StorageServer.start(folder.resolve("storage"))) {
            GoogleShop.BUCKETS.forEach(storage::bucket);
            try (GoogleShop google = GoogleShop.open(folder, storage.address(), repository)) {
                CommandLine shop = new CommandLine(folder).classifier("models/tiny");
                google.model("models/tiny", shop.bucket("models/tiny"));
                google.table("shop.lines", SmallShop.lines(ROWS));
                shop.job("predict", """
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 4 }
                          - infer: { model: gs://models/tiny, task: text-classification, text: text, to: gs://results/p }
                        """);
                run.createContext("/", exchange -> {
                    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    workers.add(start(google, "worker-" + workers.size(), Map.of(), "worker", "--idle=2s"));
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    exchange.close();
                });
                run.start();
                String method = "/v2/projects/p/locations/europe-west1/jobs/predict-workers:run";

                Process manager = start(
                        google,
                        "manager",
                        Map.of(
                                "MODELBATCH_GCP_STARTWORKERS",
                                "http://127.0.0.1:" + run.getAddress().getPort() + method),
                        "job=predict",
                        "--modelbatch.workers=remote",
                        "--modelbatch.jobs=" + folder.resolve("job-configs"));

                assertThat(manager.waitFor(3, TimeUnit.MINUTES))
                        .as(output("manager"))
                        .isTrue();
                assertThat(manager.exitValue()).as(output("manager")).isZero();
                assertThat(asked).containsExactly("POST " + method);
                assertThat(workers.get(0).waitFor()).as(output("worker-0")).isZero();
                assertThat(output("manager")).contains("\"rows\":" + ROWS);
            } finally {
                run.stop(0);
                workers.forEach(Process::destroyForcibly);
            }
        }
    }

    private Process start(GoogleShop google, String name, Map<String, String> more, String... arguments)
            throws IOException {
        Map<String, String> environment = new HashMap<>(google.environment());
        environment.putAll(more);
        environment.put("MODELBATCH_LOCAL_HOME", folder.resolve(name).toString());
        List<String> command = new ArrayList<>(QuickStart.command());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }
}
