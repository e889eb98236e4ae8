package io.modelbatch.store.google;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cloud Storage's JSON API on loopback, as far as our store uses it, with faults to order. What the real service promises it keeps:
 * preconditions, resumable uploads that tell how far they came, checksums.
 */
public final class StorageServer implements AutoCloseable {
    /** A fault of a call. */
    public enum Fault {
        /** 503 before anything was done. */
        UNAVAILABLE,
        /** 429 before anything was done. */
        TOO_MANY_REQUESTS,
        /** The connection breaks in the middle of the body, whichever way it goes. */
        BROKEN_BODY,
        /** It was done, and the connection breaks before the answer. */
        LOST_ANSWER,
        /** An upload is acknowledged, and a part of it is stored. */
        STORED_SHORT,
        /** The body comes in two halves, with a pause. */
        SLOW
    }

    private static final int PAGE = 100;
    private static final int QUANTUM = 256 * 1024;
    private static final long PAUSE_MILLIS = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final HttpServer server;
    private final List<HttpServer> entrances = new ArrayList<>();
    private volatile URI named;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ServedBucket> buckets = new ConcurrentHashMap<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final StorageFaults faults = new StorageFaults();

    private static final class Upload {
        private final String bucket;
        private final String name;
        private final JsonNode metadata;
        private final JsonNode crc32c;
        private final Map<String, String> query;
        private final Path file;
        private Optional<StoredBytes> done = Optional.empty();

        Upload(String bucket, String name, JsonNode object, Map<String, String> query, Path file) {
            this.bucket = bucket;
            this.name = name;
            this.metadata = object.path("metadata");
            this.crc32c = object.path("crc32c");
            this.query = query;
            this.file = file;
        }
    }

    /** Does what {@link Fault#BROKEN_BODY} and {@link Fault#LOST_ANSWER} say. */
    private static final class BrokenException extends IOException {}

    private StorageServer(Path folder, int port) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.server = LoopbackHttp.server(port);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        this.named = address();
        server.start();
    }

    /** Starts one that keeps its objects in a folder. */
    public static StorageServer start(Path folder) throws IOException {
        return new StorageServer(folder, 0);
    }

    /** The value for {@code modelbatch.gcp.storage-endpoint}. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Names another address in its answers: that of a proxy, which clients would leave else. */
    public StorageServer behind(URI proxy) {
        named = proxy;
        return this;
    }

    /** Opens a second entrance, over TLS and for callers with a token: its address. */
    public URI guardedBy(TokenServer tokens) throws IOException, GeneralSecurityException {
        HttpServer guarded = tokens.guarded(this::handle);
        entrances.add(guarded);
        named = URI.create("https://127.0.0.1:" + guarded.getAddress().getPort());
        return named;
    }

    /** Makes a bucket in the EU. */
    public StorageServer bucket(String name) {
        return bucket(name, "EU");
    }

    /** Makes a bucket. */
    public StorageServer bucket(String name, String location) {
        buckets.putIfAbsent(name, new ServedBucket(name, location));
        return this;
    }

    /** A bucket that was made. */
    public ServedBucket existing(String bucket) {
        return Optional.ofNullable(buckets.get(bucket))
                .orElseThrow(() -> new StorageRefusal(404, "notFound", "The specified bucket does not exist."));
    }

    /**
     * From now on one of so many calls fails. Calls for which the same faults are possible are counted together, and these faults come
     * round in turn: how many calls a client makes decides which faults it sees, and neither chance nor timing does.
     */
    public void failOneOf(int callsToFault) {
        faults.failOneOf(callsToFault);
    }

    /** The next calls for which it is possible fail like this, one after the other. */
    public void order(Fault... next) {
        faults.order(List.of(next));
    }

    /** The next calls are refused, so many of them. */
    public void refuse(int calls, int status, String reason, String message) {
        faults.refuse(calls, new StorageRefusal(status, reason, message));
    }

    /** The number of faults, by kind. */
    public Map<Fault, Integer> injected() {
        return faults.injected();
    }

    @Override
    public void close() {
        server.stop(0);
        entrances.forEach(entrance -> entrance.stop(0));
        threads.shutdownNow();
    }

    private void handle(HttpExchange call) throws IOException {
        try (call) {
            try {
                faults.refuseIfOrdered();
                route(call);
            } catch (StorageRefusal e) {
                answer(call, e.status(), e.body());
            } catch (BrokenException broken) {
                return; // closing it unanswered breaks the connection
            } catch (RuntimeException e) {
                e.printStackTrace();
                StorageRefusal unknown = new StorageRefusal(501, "notImplemented", "This server cannot do that: " + e);
                answer(call, unknown.status(), unknown.body());
            }
        }
    }

    private void route(HttpExchange call) throws IOException {
        String path = call.getRequestURI().getRawPath();
        Map<String, String> query = query(call.getRequestURI().getRawQuery());
        if (path.startsWith("/upload/")) {
            upload(call, part(path, 5), query);
            return;
        }
        boolean media = path.startsWith("/download/") || "media".equals(query.get("alt"));
        String resource = path.replaceFirst("^/download", "");
        String bucket = part(resource, 4);
        if (resource.split("/").length == 5) {
            answer(call, 200, existing(bucket).describe(query));
            return;
        }
        if (resource.split("/").length <= 6) {
            Optional<Fault> fault = faults.next(List.of(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.LOST_ANSWER));
            refuseFor(fault);
            lose(fault);
            answer(call, 200, list(bucket, query));
            return;
        }
        String name = part(resource, 6);
        if (media) {
            download(call, existing(bucket).find(name, query));
            return;
        }
        Optional<Fault> fault = faults.next(List.of(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.LOST_ANSWER));
        refuseFor(fault);
        if (call.getRequestMethod().equals("DELETE")) {
            existing(bucket).delete(name, query);
            lose(fault);
            call.sendResponseHeaders(204, -1);
            return;
        }
        StoredBytes stored = existing(bucket).find(name, query);
        lose(fault);
        answer(call, 200, describe(stored));
    }

    private void upload(HttpExchange call, String bucket, Map<String, String> query) throws IOException {
        if (query.containsKey("upload_id")) {
            continueUpload(call, query.get("upload_id"));
            return;
        }
        boolean whole = "multipart".equals(query.get("uploadType"));
        Optional<Fault> fault = faults.next(
                whole
                        ? List.of(
                                Fault.UNAVAILABLE,
                                Fault.TOO_MANY_REQUESTS,
                                Fault.LOST_ANSWER,
                                Fault.BROKEN_BODY,
                                Fault.STORED_SHORT)
                        : List.of(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.LOST_ANSWER));
        refuseFor(fault);
        if (fault.equals(Optional.of(Fault.BROKEN_BODY))) {
            throw new BrokenException();
        }
        byte[] body = body(call);
        ServedBucket target = existing(bucket);
        if (whole) {
            MultipartUpload parts =
                    MultipartUpload.of(body, call.getRequestHeaders().getFirst("Content-Type"));
            Path file = Files.write(newFile(), parts.content());
            JsonNode object = JSON.readTree(parts.metadata());
            StoredBytes.verify(object.path("crc32c"), file);
            shorten(file, fault);
            StoredBytes stored = target.store(object.get("name").asString(), object.path("metadata"), query, file);
            lose(fault);
            answer(call, 200, describe(stored));
            return;
        }
        JsonNode object = JSON.readTree(body);
        String name = Optional.ofNullable(query.get("name"))
                .orElseGet(() -> object.get("name").asString());
        target.verifyToStore(name, query);
        String id = UUID.randomUUID().toString();
        uploads.put(id, new Upload(bucket, name, object, query, newFile()));
        lose(fault);
        call.getResponseHeaders()
                .set("Location", named + "/upload/storage/v1/b/" + bucket + "/o?uploadType=resumable&upload_id=" + id);
        call.sendResponseHeaders(200, -1);
    }

    private void continueUpload(HttpExchange call, String id) throws IOException {
        Upload upload = Optional.ofNullable(uploads.get(id))
                .orElseThrow(() -> new StorageRefusal(404, "notFound", "There is no such upload."));
        String range = Optional.ofNullable(call.getRequestHeaders().getFirst("Content-Range"))
                .orElse("bytes 0-/*");
        String total = range.substring(range.indexOf('/') + 1);
        synchronized (upload) {
            boolean asks = range.startsWith("bytes */") && total.equals("*");
            Optional<Fault> fault = asks
                    ? Optional.empty()
                    : faults.next(List.of(
                            Fault.UNAVAILABLE,
                            Fault.TOO_MANY_REQUESTS,
                            Fault.BROKEN_BODY,
                            Fault.LOST_ANSWER,
                            Fault.STORED_SHORT,
                            Fault.SLOW));
            refuseFor(fault);
            if (upload.done.isEmpty() && !range.startsWith("bytes */")) {
                long from = Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
                receive(call.getRequestBody(), upload.file, from, fault);
            }
            long bytes = Files.size(upload.file);
            if (upload.done.isEmpty() && !asks && total.equals(String.valueOf(bytes))) {
                StoredBytes.verify(upload.crc32c, upload.file);
                shorten(upload.file, fault);
                upload.done = Optional.of(
                        existing(upload.bucket).store(upload.name, upload.metadata, upload.query, upload.file));
            }
            lose(fault);
            if (upload.done.isPresent()) {
                answer(call, 200, describe(upload.done.get()));
                return;
            }
            if (bytes > 0) {
                call.getResponseHeaders().set("Range", "bytes=0-" + (bytes - 1));
            }
            call.sendResponseHeaders(308, -1);
        }
    }

    private static byte[] body(HttpExchange call) throws IOException {
        InputStream body = call.getRequestBody();
        boolean packed = "gzip".equals(call.getRequestHeaders().getFirst("Content-Encoding"));
        return (packed ? new GZIPInputStream(body) : body).readAllBytes();
    }

    private static void receive(InputStream body, Path file, long from, Optional<Fault> fault) throws IOException {
        try (RandomAccessFile to = new RandomAccessFile(file.toFile(), "rw")) {
            if (from > to.length()) {
                throw new StorageRefusal(503, "backendError", "There is a gap.");
            }
            to.setLength(from);
            to.seek(from);
            byte[] buffer = new byte[QUANTUM];
            int quanta = 0;
            for (int n = body.readNBytes(buffer, 0, QUANTUM); n > 0; n = body.readNBytes(buffer, 0, QUANTUM)) {
                if (fault.equals(Optional.of(Fault.BROKEN_BODY)) && (n < QUANTUM || quanta == 1)) {
                    throw new BrokenException();
                }
                if (fault.equals(Optional.of(Fault.SLOW)) && quanta == 0) {
                    pause();
                }
                to.write(buffer, 0, n);
                quanta++;
            }
        }
    }

    private void download(HttpExchange call, StoredBytes stored) throws IOException {
        Optional<Fault> fault =
                faults.next(List.of(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.BROKEN_BODY, Fault.SLOW));
        refuseFor(fault);
        Headers headers = call.getResponseHeaders();
        headers.set("x-goog-generation", String.valueOf(stored.generation()));
        headers.set("x-goog-hash", "crc32c=" + stored.crc32c());
        headers.set("x-goog-stored-content-length", String.valueOf(stored.bytes()));
        headers.set("Content-Type", "application/octet-stream");
        String range = call.getRequestHeaders().getFirst("Range");
        long from = range == null ? 0 : Long.parseLong(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        String end = range == null ? "" : range.substring(range.indexOf('-') + 1);
        long to = end.isEmpty() ? stored.bytes() : Math.min(stored.bytes(), Long.parseLong(end) + 1);
        if (from >= stored.bytes() && range != null && stored.bytes() > 0) {
            throw new StorageRefusal(416, "requestedRangeNotSatisfiable", "The range is beyond the end.");
        }
        if (range != null && stored.bytes() > 0) {
            headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + stored.bytes());
        }
        call.sendResponseHeaders(range == null || stored.bytes() == 0 ? 200 : 206, to == from ? -1 : to - from);
        if (to > from) {
            send(stored.file(), from, to - from, call.getResponseBody(), fault);
        }
    }

    private static void send(Path file, long from, long bytes, OutputStream out, Optional<Fault> fault)
            throws IOException {
        boolean breaks = fault.equals(Optional.of(Fault.BROKEN_BODY));
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            long left = breaks ? bytes / 2 : bytes;
            byte[] buffer = new byte[QUANTUM];
            while (left > 0) {
                int n = in.readNBytes(buffer, 0, (int) Math.min(left, QUANTUM));
                out.write(buffer, 0, n);
                left -= n;
                if (fault.equals(Optional.of(Fault.SLOW)) && left > 0) {
                    pause();
                    fault = Optional.empty();
                }
            }
        }
        if (breaks) {
            out.flush();
            throw new BrokenException();
        }
    }

    private Map<String, Object> list(String bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        List<StoredBytes> below = existing(bucket).list(prefix, PAGE, query);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", below.stream().limit(PAGE).map(this::describe).toList());
        if (below.size() > PAGE) {
            answer.put("nextPageToken", below.get(PAGE).name());
        }
        return answer;
    }

    private Map<String, Object> describe(StoredBytes stored) {
        String link = "/storage/v1/b/" + stored.bucket() + "/o/"
                + URLEncoder.encode(stored.name(), StandardCharsets.UTF_8).replace("+", "%20");
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", "storage#object");
        object.put("bucket", stored.bucket());
        object.put("name", stored.name());
        object.put("generation", String.valueOf(stored.generation()));
        object.put("metageneration", "1");
        object.put("size", String.valueOf(stored.bytes()));
        object.put("crc32c", stored.crc32c());
        object.put("selfLink", named + link);
        object.put("mediaLink", named + "/download" + link + "?alt=media&generation=" + stored.generation());
        if (stored.metadata().isObject()) {
            object.put("metadata", stored.metadata());
        }
        return object;
    }

    private Path newFile() throws IOException {
        return Files.createTempFile(folder, "object", "");
    }

    private static void shorten(Path file, Optional<Fault> fault) throws IOException {
        if (fault.equals(Optional.of(Fault.STORED_SHORT))) {
            try (RandomAccessFile stored = new RandomAccessFile(file.toFile(), "rw")) {
                stored.setLength(stored.length() / 2);
            }
        }
    }

    private static void refuseFor(Optional<Fault> fault) {
        if (fault.equals(Optional.of(Fault.UNAVAILABLE))) {
            throw new StorageRefusal(503, "backendError", "Backend error");
        }
        if (fault.equals(Optional.of(Fault.TOO_MANY_REQUESTS))) {
            throw new StorageRefusal(429, "rateLimitExceeded", "The rate of requests is too high.");
        }
    }

    private static void lose(Optional<Fault> fault) throws BrokenException {
        if (fault.equals(Optional.of(Fault.LOST_ANSWER))) {
            throw new BrokenException();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange call, int status, Object body) throws IOException {
        call.getRequestBody().readAllBytes();
        byte[] json = JSON.writeValueAsBytes(body);
        call.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        call.sendResponseHeaders(status, json.length);
        call.getResponseBody().write(json);
    }

    private static String part(String path, int index) {
        return URLDecoder.decode(path.split("/")[index].replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String assignment : text == null ? new String[0] : text.split("&")) {
            String[] parts = assignment.split("=", 2);
            values.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return values;
    }
}
