package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command lines and the SQL in the manifests: the application and the job repository know them. */
class WorkerManifestsTest {
    @TempDir
    private Path folder;

    @Test
    void kedaCountsThePartitionsOfTheJobThatWaitOrAreExecuted() throws Exception {
        Map<String, String> files =
                manifests("workers with GPUs, and others instead").files();
        String spot = query(files.get("components/keda-workers/workers.yaml"));
        String onDemand = query(files.get("components/keda-workers/workers-on-demand.yaml"));

        try (Connection connection =
                        DriverManager.getConnection(PostgresServer.sharedDatabase(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            for (Path script : MigrationScripts.of("postgresql")) {
                statement.execute(Files.readString(script));
            }
            assertThat(number(statement, spot)).as("before any run").isZero();

            dispatch(statement, 1, "fleet", "N");
            dispatch(statement, 2, "fleet", "Y");
            dispatch(statement, 3, "other", "N");
            partitions(statement, 1, 5, 2);
            partitions(statement, 2, 1, 3);
            partitions(statement, 3, 40, 40);

            assertThat(number(statement, spot)).isEqualTo(7);
            assertThat(number(statement, onDemand)).isEqualTo(4);
        }
    }

    /** Each option and property is one that the application knows. */
    @Test
    void theApplicationKnowsTheArgumentsOfEachPod() throws Exception {
        List<List<String>> known = new ArrayList<>();
        for (ManifestVariant variant : ManifestVariant.all().toList()) {
            for (String text : manifests(variant.title()).files().values()) {
                JsonNode manifest = CronJobManifest.parse(text).root();
                for (JsonNode arguments : manifest.findValues("args")) {
                    List<String> words =
                            arguments.valueStream().map(JsonNode::asString).toList();
                    boolean isWorker = words.get(0).equals("worker");
                    List<String> typed = isWorker
                            ? Stream.concat(words.stream(), Stream.of("--help")).toList()
                            : Stream.concat(
                                            Stream.of(
                                                    "list",
                                                    "--modelbatch.jobs=../job-configs",
                                                    "--spring.datasource.url=jdbc:postgresql://host:5432/database"),
                                            words.stream().skip(1))
                                    .toList();

                    CommandLine.Ended ended = CommandLine.runAlone(typed.toArray(String[]::new));

                    assertThat(ended.exit()).as(words + ": " + ended.words()).isZero();
                    known.add(words);
                }
            }
        }
        assertThat(known)
                .contains(
                        List.of("job=fleet", "--modelbatch.workers=remote"),
                        List.of("worker", "--idle=5m", "--partitions=2", "--spot"));
    }

    private RenderedJob manifests(String title) throws IOException {
        ManifestVariant variant = ManifestVariant.all()
                .filter(each -> each.title().equals(title))
                .findFirst()
                .orElseThrow();
        return variant.render(Files.createDirectories(folder.resolve(title)));
    }

    private static String query(String scaledJob) {
        return CronJobManifest.parse(scaledJob)
                .root()
                .at("/spec/triggers/0/metadata/query")
                .asString();
    }

    private static void dispatch(Statement statement, int id, String job, String onDemand) throws SQLException {
        statement.execute(
                "insert into MODELBATCH_DISPATCH (ID, JOB_EXECUTION_ID, JOB_NAME, RUN_KEY, STEP_NAME, DEVICE, MEMORY, PRIORITY,"
                        + " ON_DEMAND, STOPPING, VERSION) values (%1$d, %1$d, '%2$s', '%2$s-%1$d', 'infer', 'gpu', 0, 0, '%3$s', 'N', '1')"
                                .formatted(id, job, onDemand));
    }

    private static void partitions(Statement statement, int dispatch, int waiting, int executing) throws SQLException {
        statement.execute("insert into MODELBATCH_TASK (TASK_NAME, TASK_INSTANCE, EXECUTION_TIME, PICKED, VERSION)"
                + " select 'partition', '%d/' || i, now(), i > %d, 1 from generate_series(1, %d) i"
                        .formatted(dispatch, waiting, waiting + executing));
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            assertThat(result.getMetaData().getColumnCount()).isEqualTo(1);
            return result.getLong(1);
        }
    }
}
