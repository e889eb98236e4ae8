package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings by arguments, options of the JVM and variables are part of the command that a person types next. */
class SettingsTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d?prepareThreshold=0&ssl=true, jdbc:postgresql://h/d?prepareThreshold=0&ssl=true",
        "jdbc:postgresql://h/d?sslkey=/a/b&password=s&currentSchema=x, jdbc:postgresql://h/d?sslkey=/a/b&password=***&currentSchema=x",
        "jdbc:postgresql://h/d?pass%77ord=s&sslPassword=s&apiKey=s, jdbc:postgresql://h/d?pass%77ord=***&sslPassword=***&apiKey=***",
        "jdbc:postgresql://me:s@h/d?a=b, jdbc:postgresql://***@h/d?a=b",
        "jdbc:h2:file:/a b/c;AUTO_SERVER=TRUE;PASSWORD=s;USER=sa, jdbc:h2:file:/a b/c;AUTO_SERVER=TRUE;PASSWORD=***;USER=sa",
        "jdbc:postgresql://h/d?s, jdbc:postgresql://h/d?***"
    })
    void onlySecretsOfAnAddressAreHidden(String url, String shown) {
        assertThat(new RepositoryUrl(url).withSecretsHidden()).isEqualTo(shown);
    }

    @Test
    void variablesThatTheRunDependsOnComeFirst() {
        Map<String, String> environment = Map.of(
                "MODELBATCH_JOBS", "/etc/my jobs",
                "MODELBATCH_LOCAL_HOME", "home",
                "MODELBATCH_GCP_PROJECT", "p",
                "MODELBATCH_PYTHON", "python",
                "SPRING_DATASOURCE_URL", "jdbc:postgresql://h/d?prepareThreshold=0",
                "SPRING_DATASOURCE_PASSWORD", "s",
                "LANG", "C.UTF-8");

        String command = command(environment, "--modelbatch.local.home=other");

        assertThat(command)
                .isEqualTo(
                        "MODELBATCH_JOBS='/etc/my jobs' SPRING_DATASOURCE_URL='jdbc:postgresql://h/d?prepareThreshold=0'"
                                + " MODELBATCH_GCP_PROJECT=p java -jar batch.jar job=predict --modelbatch.local.home=other");
    }

    @Test
    void anAddressWithASecretStaysInItsVariable() {
        assertThat(command(Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://h/d?password=s")))
                .isEqualTo("java -jar batch.jar job=predict");
    }

    /** Spring Boot's own way of naming a job. */
    @Test
    void springsNameOfAJobIsAWord() {
        assertThat(words(Map.of(), "--spring.batch.job.name=predict", "date=2026-01-01"))
                .containsExactly("job=predict", "date=2026-01-01");
        assertThat(words(Map.of(), "check", "--spring.batch.job.name=predict")).containsExactly("check", "job=predict");
        assertThat(words(Map.of(), "job=train", "--spring.batch.job.name=predict"))
                .containsExactly("job=predict", "job=train"); // refused: given twice
    }

    /** A variable concerns runs alone, and a word takes precedence. */
    @Test
    void springsVariableNamesTheJobOfARun() {
        Map<String, String> variable = Map.of("SPRING_BATCH_JOB_NAME", "predict");

        assertThat(words(variable)).containsExactly("job=predict");
        assertThat(words(variable, "date=2026-01-01")).containsExactly("job=predict", "date=2026-01-01");
        assertThat(words(variable, "job=train")).containsExactly("job=train");
        assertThat(words(variable, "list")).containsExactly("list");
    }

    private static List<String> words(Map<String, String> environment, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        Settings settings = Settings.takenFrom(words, environment);
        assertThat(settings.arguments()).doesNotContainKey("spring.batch.job.name");
        return words;
    }

    @Test
    void optionsOfTheJvmAreArguments() {
        System.setProperty("modelbatch.jobs", "elsewhere");
        System.setProperty("modelbatch.loca.home", "misspelt");
        try {
            Settings settings = settings(Map.of("MODELBATCH_JOBS", "variable"));

            assertThat(settings.jobs()).hasToString("elsewhere");
            assertThat(settings.problems())
                    .singleElement()
                    .asString()
                    .contains("--modelbatch.loca.home is not a property");
            assertThat(command(Map.of())).contains(" --modelbatch.jobs=elsewhere ");
        } finally {
            System.clearProperty("modelbatch.jobs");
            System.clearProperty("modelbatch.loca.home");
        }
    }

    private static String command(Map<String, String> environment, String... arguments) {
        return settings(environment, arguments).command(List.of("job=predict")).text();
    }

    private static Settings settings(Map<String, String> environment, String... arguments) {
        return Settings.takenFrom(new ArrayList<>(List.of(arguments)), environment);
    }
}
