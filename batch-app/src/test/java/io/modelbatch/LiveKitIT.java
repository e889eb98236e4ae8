package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.CloudStorageStore;
import io.modelbatch.store.google.LoopbackCertificate;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.store.google.TokenServer;
import io.modelbatch.store.google.TokenServer.Kind;
import io.modelbatch.warehouse.google.BigQueryServer;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import io.modelbatch.warehouse.google.CloudStorageObjects;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live test kit against the contract servers, from its first line to its last. */
class LiveKitIT {
    private static final int SAME = 0;
    private static final int DIFFERENT = 1;
    private static final int NOT_STARTED = 2;
    private static final boolean WHOLE = Boolean.getBoolean("whole-kit");
    private static final ObjectUri BUCKET = ObjectUri.parse("gs://live-bucket");
    private static final Path SOURCE = Path.of("").toAbsolutePath();

    @TempDir
    private Path folder;

    private TokenServer tokens;
    private StorageServer storage;
    private BigQueryServer bigQuery;
    private List<String> servers;
    private ObjectStore store;

    @BeforeEach
    void open() throws Exception {
        tokens = TokenServer.start(LoopbackCertificate.make(folder));
        storage = StorageServer.start(folder.resolve("storage")).bucket(BUCKET.bucket());
        bigQuery = BigQueryServer.start(folder.resolve("bigquery"), 0, new CloudStorageObjects(storage.address()));
        bigQuery.deny(Permission.READ_TABLES, "modelbatch_hidden");
        bigQuery.dataset("shop", "EU").dataset("modelbatch_live_20200101t000000_abcd", "EU");
        store = CloudStorageStore.open(
                new GoogleProject("test-project", NoCredentials.getInstance()), Optional.of(storage.address()));
        Files.writeString(folder.resolve("kept"), "kept");
        store.put(BUCKET.child("runs/predict-1/report.json"), folder.resolve("kept"));
        store.put(BUCKET.child("modelbatch-live/20200101t000000_abcd/left"), folder.resolve("kept"));
        BigQueryServer.Entrance guarded = bigQuery.guardedBy(tokens);
        URI guardedStorage = storage.guardedBy(tokens);
        servers = List.of(
                "-Dproject=test-project",
                "-Dbucket=" + BUCKET.bucket(),
                "-Dlocation=EU",
                "-Dbigquery-endpoint=" + guarded.rest(),
                "-Dbigquery-storage-endpoint=" + guarded.storage(),
                "-Dstorage-endpoint=" + guardedStorage);
    }

    @AfterEach
    void close() throws Exception {
        bigQuery.close();
        storage.close();
        tokens.close();
    }

    @Test
    void theContractServersKeepTheirOwnContract() throws Exception {
        // BigQueryWarehouseTest asks the servers what the part 'warehouse' asks; -Dwhole-kit=true has it here too
        Ended kit = run(WHOLE ? servers : with("-Donly=queries,loads,tables,sessions,objects,tokens,jobs"));

        assertThat(kit.exit).as(kit.output).isEqualTo(SAME);
        assertThat(kit.output)
                .contains(
                        "No difference.",
                        "This costs at most $0.",
                        "It cost about $0.",
                        "what earlier runs left: datasets [modelbatch_live_20200101t000000_abcd], objects [gs://live-bucket/")
                .contains(TokenServer.ACCOUNT)
                .doesNotContain("	at ", "PRIVATE KEY");
        assertThat(Integer.parseInt(kit.output.replaceAll("(?s).*answered (\\d+) tests as.*", "$1")))
                .isGreaterThan(WHOLE ? 110 : 45);
        assertNothingLeft();
    }

    @Test
    void whatAServiceAnswersOtherwiseIsPrinted() throws Exception {
        bigQuery.sessionsLive(Duration.ofHours(1));

        Ended kit = run(with("-Donly=sessions"));

        assertThat(kit.exit).as(kit.output).isEqualTo(DIFFERENT);
        assertThat(kit.output)
                .contains("What differs from the contract servers (1 of ")
                .containsPattern("\\| sessions: a session lives for six hours \\(SessionsContract.java:\\d+\\) \\|")
                .doesNotContain("	at ");
        assertNothingLeft();
    }

    /** SIGTERM, which Java takes as it takes Ctrl-C. Shells have what they start in the background ignore that. */
    @Test
    void aSignalRemovesWhatWasMade() throws Exception {
        Process kit = start(with("-Donly=warehouse"));
        Path output = folder.resolve("output");
        while (kit.isAlive() && !Files.readString(output).contains("Made datasets")) {
            Thread.sleep(20);
        }
        kit.destroy();

        assertThat(kit.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(kit.exitValue()).as(Files.readString(output)).isNotZero();
        assertThat(Files.readString(output)).contains("Removed: datasets");
        assertNothingLeft();
    }

    @Test
    void whatIsMissingOrMalformedIsToldAtOnce() throws Exception {
        Ended kit = run(List.of("-Dbucket=gs://receipts", "-Dlocation=Tokyo", "-Donly=everything"));

        assertThat(kit.exit).as(kit.output).isEqualTo(NOT_STARTED);
        assertThat(kit.output)
                .contains("-Dproject=… is missing", "-Dbucket=gs://receipts", "-Dlocation=Tokyo", "'everything'")
                .contains("./mvnw -Pgcp-live verify -Dproject=");
    }

    @Test
    void aServerThatIsAwayIsNamedAtOnce() throws Exception {
        URI away = storage.address();
        storage.close();
        Ended kit = run(with("-Dstorage-endpoint=https://" + away.getAuthority()));

        assertThat(kit.exit).as(kit.output).isEqualTo(NOT_STARTED);
        assertThat(kit.output)
                .contains("Not reachable from this machine: " + away.getAuthority() + " (connection refused)")
                .contains("Nothing was made");
    }

    @Test
    void whatCannotBeRemovedIsPrintedAsCommands() throws Exception {
        bigQuery.deny(Permission.DELETE_DATASETS);

        Ended kit = run(with("-Donly=tokens"));

        assertThat(kit.exit).as(kit.output).isEqualTo(DIFFERENT);
        assertThat(kit.output.substring(kit.output.indexOf("Not everything could be removed")))
                .contains("bq rm -r -f --dataset test-project:modelbatch_live_")
                .contains("gcloud storage rm -r gs://live-bucket/modelbatch-live/");
    }

    private void assertNothingLeft() throws IOException {
        assertThat(bigQuery.datasets()).containsExactly("shop");
        assertThat(store.sizes(BUCKET).keySet()).containsExactly(BUCKET.child("runs/predict-1/report.json"));
    }

    private List<String> with(String option) {
        List<String> options = new ArrayList<>(servers);
        options.add(option);
        return options;
    }

    private record Ended(int exit, String output) {}

    private Ended run(List<String> options) throws Exception {
        Process kit = start(options);
        assertThat(kit.waitFor(20, TimeUnit.MINUTES)).isTrue();
        return new Ended(kit.exitValue(), Files.readString(folder.resolve("output")));
    }

    private Process start(List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                QuickStart.JAVA.toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(LiveKit.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(SOURCE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        Map<String, String> environment = tokens.environment(Kind.KEY, folder);
        builder.environment().putAll(environment);
        return builder.start();
    }
}
