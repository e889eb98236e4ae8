package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how fast a large file is uploaded, beside the same bytes in one plain request to the same server, which computes their checksum
 * and drops them. Prints figures and asserts none: {@code ./mvnw -pl batch-app test -Dtest=UploadBenchmark}.
 */
class UploadBenchmark {
    private static final int ROUNDS = 3;
    private static final int MIB = 1 << 20;
    private static final int FILE_MIB = Integer.getInteger("mib", 1024);
    private static final String PLAIN = "/plain";

    @TempDir
    private Path folder;

    @Test
    void uploadsAgainstPlainRequests() throws Exception {
        Path file = file();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = LoopbackHttp.server(0);
        try {
            server.setExecutor(threads);
            Sink sink = new Sink("http://127.0.0.1:" + server.getAddress().getPort());
            server.createContext("/", sink::handle);
            server.start();
            measure(file, sink.address);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private void measure(Path file, String address) throws Exception {
        ObjectStore store = CloudStorageStore.open(
                new GoogleProject("project", NoCredentials.getInstance()), Optional.of(URI.create(address)));
        HttpClient client = HttpClient.newHttpClient();
        double[] plain = new double[ROUNDS];
        double[] upload = new double[ROUNDS];
        double[] checksum = new double[ROUNDS];
        long heap = 0;
        plain(client, address, file); // warms up
        store.put(ObjectUri.parse("gs://bucket/warm"), file);
        for (int round = 0; round < ROUNDS; round++) {
            ObjectUri uri = ObjectUri.parse("gs://bucket/" + round);
            plain[round] = rate(() -> plain(client, address, file));
            checksum[round] = rate(() -> Crc32c.of(file));
            resetPeaks();
            upload[round] = rate(() -> store.put(uri, file));
            heap = Math.max(heap, peak());
        }
        double ratio = median(upload) / median(plain);
        System.out.printf(
                "%d MiB: %.0f MiB/s by put (%s), %.0f MiB/s by one plain request (%s): ratio %.2f. The checksum before it alone: %.0f MiB/s."
                        + " Heap at its peak, garbage included: %d MiB%n",
                FILE_MIB,
                median(upload),
                Arrays.toString(upload),
                median(plain),
                Arrays.toString(plain),
                ratio,
                median(checksum),
                heap / MIB);
    }

    private static String plain(HttpClient client, String address, Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + PLAIN))
                .PUT(BodyPublishers.ofFile(file))
                .build();
        String answer = client.send(request, BodyHandlers.ofString()).body();
        assertThat(answer).contains("crc32c");
        return answer;
    }

    private static double rate(Callable<?> transfer) throws Exception {
        long start = System.nanoTime();
        transfer.call();
        return Math.rint(FILE_MIB / ((System.nanoTime() - start) / 1e9));
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static void resetPeaks() {
        System.gc();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }

    private Path file() throws IOException {
        byte[] block = new byte[MIB];
        Random random = new Random(1);
        Path file = folder.resolve("file");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < FILE_MIB; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    /** Takes plain requests and resumable uploads, one at a time, and keeps nothing of them but length and checksum. */
    private static final class Sink {
        private final String address;
        private CRC32C checksum = new CRC32C();
        private long bytes;
        private String name = "";

        Sink(String address) {
            this.address = address;
        }

        synchronized void handle(HttpExchange call) throws IOException {
            try (call) {
                String query = String.valueOf(call.getRequestURI().getRawQuery());
                if (call.getRequestMethod().equals("POST")) {
                    begin(call);
                } else if (call.getRequestURI().getPath().equals(PLAIN)) {
                    checksum = new CRC32C();
                    bytes = 0;
                    receive(call);
                    answer(call, 200);
                } else if (query.contains("upload_id")) {
                    receive(call);
                    boolean last =
                            call.getRequestHeaders().getFirst("Content-Range").endsWith("/" + bytes);
                    if (!last) {
                        call.getResponseHeaders().set("Range", "bytes=0-" + (bytes - 1));
                    }
                    answer(call, last ? 200 : 308);
                }
            }
        }

        private void begin(HttpExchange call) throws IOException {
            call.getRequestBody().readAllBytes();
            checksum = new CRC32C();
            bytes = 0;
            name = call.getRequestURI().getRawQuery().replaceFirst(".*name=([^&]*).*", "$1");
            call.getResponseHeaders()
                    .set("Location", address + "/upload/storage/v1/b/bucket/o?uploadType=resumable&upload_id=1");
            call.sendResponseHeaders(200, -1);
        }

        private void receive(HttpExchange call) throws IOException {
            byte[] buffer = new byte[MIB];
            try (InputStream body = call.getRequestBody()) {
                for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                    checksum.update(buffer, 0, n);
                    bytes += n;
                }
            }
        }

        private void answer(HttpExchange call, int status) throws IOException {
            if (status == 308) {
                call.sendResponseHeaders(status, -1);
                return;
            }
            String crc32c = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Crc32c.digits(checksum)));
            byte[] json = """
                    {"kind": "storage#object", "bucket": "bucket", "name": "%s", "generation": "1", "metageneration": "1", "size": "%d",
                     "crc32c": "%s"}
                    """.formatted(name, bytes, crc32c).getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(status, json.length);
            call.getResponseBody().write(json);
        }
    }
}
