package io.modelbatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The API server of Kubernetes with its database, on loopback. There is no controller and no machine: objects are kept, no pod starts. */
final class KubernetesServer implements AutoCloseable {
    private static final String TOKEN = "token-of-a-test";
    private static final int TRIES = 240;
    private static final int TRY_MILLIS = 250;

    private final Path kubectl;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    private KubernetesServer(Path kubectl, Path folder) {
        this.kubectl = kubectl;
        this.folder = folder;
    }

    /** Skips the test where one of the programs is not installed. */
    static KubernetesServer start(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path etcd = InstalledPrograms.assumeInstalled("etcd");
        Path apiServer = InstalledPrograms.assumeInstalled("kube-apiserver");
        KubernetesServer server = new KubernetesServer(InstalledPrograms.assumeInstalled("kubectl"), folder);
        try {
            server.start(etcd, apiServer);
        } catch (IOException | GeneralSecurityException | InterruptedException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void start(Path etcd, Path apiServer) throws IOException, GeneralSecurityException, InterruptedException {
        String database = "http://127.0.0.1:" + freePort();
        String peers = "http://127.0.0.1:" + freePort();
        int port = freePort();
        launch(
                etcd,
                "--data-dir=" + folder.resolve("etcd"),
                "--unsafe-no-fsync",
                "--listen-client-urls=" + database,
                "--advertise-client-urls=" + database,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers);
        Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
        Path key = Files.writeString(
                folder.resolve("accounts.key"),
                "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                        .formatted(Base64.getMimeEncoder()
                                .encodeToString(KeyPairGenerator.getInstance("RSA")
                                        .generateKeyPair()
                                        .getPrivate()
                                        .getEncoded())));
        launch(
                apiServer,
                "--etcd-servers=" + database,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + folder.resolve("certificates"),
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://kubernetes.test",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--authorization-mode=AlwaysAllow",
                "--disable-admission-plugins=ServiceAccount");
        Files.writeString(configuration(), """
                apiVersion: v1
                kind: Config
                clusters: [{ name: test, cluster: { server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true } }]
                users: [{ name: test, user: { token: %s } }]
                contexts: [{ name: test, context: { cluster: test, user: test, namespace: default } }]
                current-context: test
                """.formatted(port, TOKEN));
        await();
    }

    /** The configuration of kubectl. */
    Path configuration() {
        return folder.resolve("kubeconfig");
    }

    Path program() {
        return kubectl;
    }

    /** The output of kubectl, or its errors. */
    Answer kubectl(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(kubectl.toString()));
        command.addAll(Arrays.asList(words));
        Path errors = Files.createTempFile(folder, "kubectl", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("KUBECONFIG", configuration().toString());
        Process process = builder.start();
        try (var standardInput = process.outputWriter(UTF_8)) {
            standardInput.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Answer(process.waitFor(), output, Files.readString(errors));
    }

    /**
     * The output of kubectl.
     *
     * @param exit its exit status
     * @param output its output
     * @param errors its errors
     */
    record Answer(int exit, String output, String errors) {}

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private void launch(Path program, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(options));
        processes.add(
                0,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                folder.resolve(program.getFileName() + ".log").toFile())
                        .start());
    }

    private void await() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            if (kubectl("", "get", "--raw", "/readyz").exit() == 0
                    && kubectl("", "get", "namespace", "default").exit() == 0) {
                return;
            }
            for (Process process : processes) {
                if (!process.isAlive()) {
                    throw new AssertionError("A program of Kubernetes ended: "
                            + process.info().command().orElse("") + ", see " + folder);
                }
            }
            Thread.sleep(TRY_MILLIS);
        }
        throw new AssertionError(
                "Kubernetes does not become ready: " + Files.readString(folder.resolve("kube-apiserver.log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
