package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The effect of keys and signals on a run in a real terminal, while its progress is drawn. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the script of util-linux makes the terminal")
class TerminalSignalsIT {
    private static final String PROGRESS = "steps  loss ";
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 50
                  per-device-train-batch-size: 16
                  save-steps: 50
            """;
    private static final String RUN = "$BATCH job=train; echo \"exit=$?\"";

    @TempDir
    private Path folder;

    private PseudoTerminal terminal;

    @BeforeEach
    void openTerminal() throws IOException {
        assertThat(new CommandLine(folder).job("train", TRAIN).run("init").exit())
                .isZero();
        terminal = open(Map.of());
    }

    @AfterEach
    void closeTerminal() {
        terminal.close();
    }

    @Test
    void ctrlCStopsTheRunAfterADumpOfItsThreadsAndAPause() throws Exception {
        terminal.command(RUN);
        terminal.await(PROGRESS);

        terminal.type(PseudoTerminal.CTRL_BACKSLASH);
        terminal.await("Full thread dump");
        terminal.awaitAgain(PROGRESS);
        terminal.type(PseudoTerminal.CTRL_Z);
        terminal.await("Stopped");
        terminal.command("fg; echo \"exit=$?\"");
        terminal.awaitAgain(PROGRESS);
        terminal.type(PseudoTerminal.CTRL_C);
        String last = terminal.await("exit=4");

        assertThat(last).contains("Stopping; ", "train-1 STOPPED", "Resume:", "job=train");
        assertThat(status()).contains("train-1  STOPPED");
    }

    @Test
    void sigtermStopsTheRunInABackgroundJob() throws Exception {
        terminal.command("($BATCH job=train; echo \"exit=$?\") &");
        terminal.await(PROGRESS);

        terminal.application().destroy();

        assertThat(terminal.await("exit=4")).contains("train-1 STOPPED");
    }

    @Test
    void aClosedTerminalStopsTheRun() throws Exception {
        terminal.command(RUN);
        terminal.await(PROGRESS);
        ProcessHandle application = terminal.application();

        terminal.hangUp();
        application.onExit().get(20, TimeUnit.SECONDS);

        assertThat(status()).contains("train-1  STOPPED");
    }

    @Test
    void aRunBelowNohupIgnoresThatItsTerminalIsClosed() throws Exception {
        terminal.command("nohup " + RUN);
        terminal.await(folder.resolve("nohup.out"), 0, "\"step-started\"");

        String ignored = Files.readAllLines(
                        Path.of("/proc/" + terminal.application().pid() + "/status"))
                .stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();

        assertThat(Long.parseUnsignedLong(ignored.split("\\s+")[1], 16) & 1)
                .as(ignored)
                .isEqualTo(1);
    }

    @Test
    void aSecondCtrlCEndsARunThatCannotStop(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data);
                PseudoTerminal shared = open(server.environment())) {
            shared.command(RUN);
            shared.await(PROGRESS);
            try (var database = DriverManager.getConnection(server.url(), "postgres", "postgres");
                    var statement = database.createStatement()) {
                database.setAutoCommit(false);
                statement.execute("lock table BATCH_STEP_EXECUTION in exclusive mode");
                shared.type(PseudoTerminal.CTRL_C);
                shared.await("Stopping; ");
                shared.type(PseudoTerminal.CTRL_C);
                shared.await("exit=130");
            }
            shared.command(RUN);
            shared.await("train-1 resumes");
        }
    }

    private PseudoTerminal open(Map<String, String> environment) throws IOException {
        PseudoTerminal opened = PseudoTerminal.open(folder, 80, environment);
        opened.command("BATCH='" + String.join(" ", QuickStart.command()) + "'");
        return opened;
    }

    private String status() throws IOException, InterruptedException {
        return BatchProcess.run(folder, "status").output();
    }
}
