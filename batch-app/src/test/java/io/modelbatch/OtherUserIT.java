package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.h2.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another user of the machine, who has no rights but those of everybody, while a run is at work. Only root can become such a user. */
class OtherUserIT {
    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs");

    /** 127.0.0.1 and the state of a listener, as the kernel writes them. */
    private static final String LOOPBACK = "0100007F";

    private static final String LISTENS = "0A";

    @TempDir
    private Path folder;

    private Path home;
    private BatchProcess run;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && succeeds(List.of("true")),
                "only root can become another user, with setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        CommandLine shop = new CommandLine(folder)
                .job("long", SmallShop.often(20_000)) // holds the port of the job repository until it is killed
                .job("short", "steps:\n  - extract: { query: \"SELECT 1 AS id\", key: id }\n")
                .table("shop.lines", "id,text\n1,milk\n")
                .classifier("models/tiny");
        home = folder.resolve("local");
        assertThat(shop.run("job=short").exit()).isZero();
        // As older versions left it.
        assertThat(new ProcessBuilder("chmod", "-R", "a+rX", home.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(readable()).contains("repository/modelbatch.mv.db", "pinned/", "buckets/", "logs/batch.log");
        run = BatchProcess.start(folder, "job=long");
        run.awaitFile(shop.bucket("results/all/"));
    }

    @Test
    void readsTablesAloneAndIsNotLetIn() throws Exception {
        try {
            assertThat(readable().lines()).containsExactly("warehouse/shop/lines.csv");
            assertThat(output(asNobody("ls", home.resolve("cache").toString()))).contains("Permission denied");

            // What only the owner can read, told to the other user.
            Properties lock = new Properties();
            lock.load(Files.newInputStream(home.resolve("repository/modelbatch.lock.db")));
            String server = lock.getProperty("server");
            assertThat(listening(Integer.parseInt(server.substring(server.indexOf(':') + 1))))
                    .isNotEmpty()
                    .allMatch(address -> address.endsWith(LOOPBACK));
            for (String password : List.of("", "sa", "0".repeat(64))) {
                assertThat(shell("jdbc:h2:tcp://" + server + "/" + lock.getProperty("id"), password))
                        .contains("Wrong user name or password");
            }
            assertThat(shell("jdbc:h2:tcp://" + server + "/" + folder.resolve("other"), ""))
                    .contains("Exception")
                    .doesNotContain("SELECT 1");
            assertThat(folder.resolve("other.mv.db")).doesNotExist();
            assertThat(run.isAlive()).isTrue();
        } finally {
            run.signal("KILL");
        }
    }

    /** The addresses at which somebody listens at a port. */
    private static List<String> listening(int port) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+");
                String[] local = fields[1].split(":");
                if (fields[3].equals(LISTENS) && Integer.parseInt(local[1], 16) == port) {
                    addresses.add(local[0]);
                }
            }
        }
        return addresses;
    }

    /** Files below the home that the other user can read, a line each. */
    private String readable() throws Exception {
        String found = output(asNobody("find", home.toString(), "-readable", "-type", "f", "-printf", "%P\n"));
        return found.lines()
                .filter(line -> !line.startsWith("find: "))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    /** The answer of H2's own client to the other user. */
    private String shell(String url, String password) throws Exception {
        Path h2 = folder.resolve("h2.jar");
        if (Files.notExists(h2)) {
            Files.copy(
                    Path.of(Driver.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()),
                    h2);
            Files.setPosixFilePermissions(h2, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return output(asNobody(
                QuickStart.JAVA.toString(),
                "-cp",
                h2.toString(),
                "org.h2.tools.Shell",
                "-url",
                url,
                "-user",
                "sa",
                "-password",
                password,
                "-sql",
                "SELECT 1"));
    }

    private static List<String> asNobody(String... command) {
        return Stream.concat(NOBODY.stream(), Stream.of(command)).toList();
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(new ArrayList<>(asNobody(command.toArray(String[]::new))))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
