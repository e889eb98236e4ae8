package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages about the settings of Google Cloud, before anything is asked there. */
class GoogleSettingsTest {
    private static final int USAGE = 2;
    private static final String GCP = "--spring.profiles.active=gcp";

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder).job("predict", """
                        steps:
                          - extract: { query: SELECT id FROM shop.lines, key: id }
                        """);
    }

    @Test
    void whatIsMissingIsNamedAtOnce() {
        Ended run = shop.run("job=predict", GCP);

        assertThat(run.exit()).isEqualTo(USAGE);
        assertThat(run.errors())
                .contains(
                        "modelbatch.gcp.project is missing",
                        "modelbatch.gcp.location is missing",
                        "modelbatch.gcp.dataset is missing",
                        "modelbatch.gcp.bucket is missing",
                        "MODELBATCH_GCP_PROJECT");
        assertThat(folder.resolve("local/warehouse")).doesNotExist();
    }

    @Test
    void checkFindsItBesideWhatIsWrongWithTheJobs() {
        shop.job("broken", "steps: [{ extract: { query: SELECT 1 } }]");

        Ended check = shop.run("check", GCP);

        assertThat(check.exit()).isEqualTo(USAGE);
        assertThat(check.output()).contains("lacks 'key'", "modelbatch.gcp.project is missing");
    }

    @Test
    void aMisspelledSettingIsNoticed() {
        assertThat(shop.run("job=predict", GCP, "--modelbatch.gcp.projekt=p").errors())
                .contains("--modelbatch.gcp.projekt is not a property; allowed are modelbatch.gcp.project,");
    }

    @Test
    void aValueOfTheWrongTypeIsNamed() {
        assertThat(shop.run("job=predict", GCP, "--modelbatch.gcp.max-bytes=much")
                        .errors())
                .contains("modelbatch.gcp.max-bytes", "much");
    }

    /** An access token would go with the request. */
    @ParameterizedTest
    @CsvSource({
        "start-workers,           http://run.googleapis.com/v2/projects/p/locations/l/jobs/j:run",
        "start-workers,           https://run.googleapis.com.example/run",
        "start-workers,           https://evilgoogleapis.com/run",
        "start-workers,           https:/run.googleapis.com/run",
        "start-on-demand-workers, https://evilgoogleapis.com/run"
    })
    void workersAreStartedByGoogleAlone(String property, String address) {
        String[] settings = settings("--modelbatch.gcp." + property + "=" + address);
        settings[6] = "--modelbatch.gcp.credentials=application-default";

        Ended run = shop.run(settings);

        assertThat(run.exit()).isEqualTo(USAGE);
        assertThat(run.errors())
                .contains("modelbatch.gcp." + property + " must be an address of Google Cloud", address);
    }

    @Test
    void aFolderInWhichNothingIsMountedIsRefused() {
        Ended run = shop.run(settings("--modelbatch.gcp.mounts.my_bucket.example=" + folder));

        assertThat(run.exit()).isEqualTo(USAGE);
        assertThat(run.errors()).contains("modelbatch.gcp.mounts.my_bucket.example", folder.toString(), "not mounted");
    }

    @Test
    void aMachineWithoutCredentialsIsToldHowToGetSome() {
        Ended run = shop.run(settings("--modelbatch.gcp.credentials=application-default"));

        assertThat(run.exit()).isEqualTo(USAGE);
        assertThat(run.errors())
                .contains("No credentials for Google Cloud were found", "gcloud auth application-default login");
    }

    /** The password is read before anything else, when the tables are looked at. */
    @Test
    void aPasswordThatCannotBeReadIsASettingToo() {
        Ended run = shop.run(settings(
                "--modelbatch.gcp.credentials=application-default",
                "--modelbatch.gcp.password-secret=projects/p/secrets/s",
                "--spring.datasource.url=jdbc:postgresql://localhost:1/batch"));

        assertThat(run.exit()).isEqualTo(USAGE);
        assertThat(run.errors()).startsWith("No credentials for Google Cloud were found");
    }

    private static String[] settings(String... more) {
        return Stream.concat(
                        Stream.of(
                                "job=predict",
                                GCP,
                                "--modelbatch.gcp.project=p",
                                "--modelbatch.gcp.location=EU",
                                "--modelbatch.gcp.dataset=pinned",
                                "--modelbatch.gcp.bucket=runs",
                                "--modelbatch.gcp.credentials=none"),
                        Stream.of(more))
                .toArray(String[]::new);
    }
}
