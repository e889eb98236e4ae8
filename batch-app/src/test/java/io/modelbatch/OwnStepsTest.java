package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of a user obey the rules of every run, also those that know nothing of them. */
class OwnStepsTest {
    @TempDir
    private Path folder;

    private Path notes;

    @BeforeEach
    void notes() throws IOException {
        notes = folder.resolve("notes.txt");
        Files.createDirectory(folder.resolve("extensions"));
        new CommandLine(folder).job("own", """
                steps:
                  - own: {}
                """);
    }

    /** A tasklet of any builder of Spring Batch, which asks for no request to stop. */
    @Test
    void aTaskletIsStoppedBetweenTwoCallsAndResumed() throws Exception {
        type(
                """
                StepBuilders builders = services.get(StepBuilders.class);
                io.modelbatch.run.ActiveRuns runs = services.get(io.modelbatch.run.ActiveRuns.class);
                org.springframework.batch.core.step.tasklet.Tasklet tasklet = (contribution, chunk) -> {
                    var context = contribution.getStepExecution().getExecutionContext();
                    int call = context.getInt("call", 0) + 1;
                    context.putInt("call", call);
                    note("call " + call);
                    if (call == 2) {
                        runs.all().forEach(run -> run.stop().request());
                    }
                    return org.springframework.batch.infrastructure.repeat.RepeatStatus.continueIf(call < 4);
                };
                return step -> STEP;
                """.replace(
                                "STEP",
                                "new org.springframework.batch.core.step.builder.StepBuilder(step.name(), builders.repository())"
                                        + ".tasklet(tasklet, services.get(org.springframework.transaction.PlatformTransactionManager.class)).build()"));

        Ended stopped = run("job=own");
        assertThat(stopped.exit()).as(stopped.words()).isEqualTo(4);
        assertThat(notes).hasContent("call 1\ncall 2");
        assertThat(run("job=own").exit()).isZero();
        assertThat(notes).hasContent("call 1\ncall 2\ncall 3\ncall 4");
    }

    /** It is told during a call, as by Spring Batch's own operator. */
    @Test
    void aStoppableTaskletIsTold() throws Exception {
        type("""
                class Waits implements org.springframework.batch.core.step.tasklet.StoppableTasklet {
                    final java.util.concurrent.CountDownLatch told = new java.util.concurrent.CountDownLatch(1);
                    public org.springframework.batch.infrastructure.repeat.RepeatStatus execute(
                            StepContribution contribution, org.springframework.batch.core.scope.context.ChunkContext chunk) throws Exception {
                        services.get(io.modelbatch.run.ActiveRuns.class).all().forEach(run -> run.stop().request());
                        note("told " + told.await(5, java.util.concurrent.TimeUnit.SECONDS));
                        return org.springframework.batch.infrastructure.repeat.RepeatStatus.FINISHED;
                    }
                    public void stop() {
                        told.countDown();
                    }
                }
                return step -> services.get(StepBuilders.class).tasklet(step.name(), new Waits());
                """);

        assertThat(run("job=own").exit()).isEqualTo(4);
        assertThat(notes).hasContent("told true");
    }

    /** Rows that a call of a tasklet writes into the database are committed with its state, or not at all. */
    @Test
    void aCallThatFailsIsRolledBackAndRepeated() throws Exception {
        type("""
                var jdbc = services.get(org.springframework.jdbc.core.simple.JdbcClient.class);
                org.springframework.batch.core.step.tasklet.Tasklet tasklet = (contribution, chunk) -> {
                    var context = contribution.getStepExecution().getExecutionContext();
                    int call = context.getInt("call", 0) + 1;
                    context.putInt("call", call);
                    if (call == 1) {
                        jdbc.sql("create table OWN (NUMBER int)").update();
                    }
                    jdbc.sql("insert into OWN values (?)").param(call).update();
                    if (call == 3 && !java.nio.file.Files.exists(NOTES)) {
                        note("failed");
                        throw new java.io.IOException("call " + call + " fails");
                    }
                    if (call == 4) {
                        note(jdbc.sql("select NUMBER from OWN").query(Integer.class).list().toString());
                    }
                    return org.springframework.batch.infrastructure.repeat.RepeatStatus.continueIf(call < 4);
                };
                return step -> services.get(StepBuilders.class).tasklet(step.name(), tasklet);
                """);

        Ended failed = run("job=own");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(1);
        assertThat(failed.words()).contains("call 3 fails");
        assertThat(run("job=own").exit()).isZero();
        assertThat(notes).hasContent("failed\n[1, 2, 3, 4]");
    }

    /** The position of a reader is committed with what the writer wrote into the database, or not at all. */
    @Test
    void aChunkWhoseCommitFailsIsRepeated() throws Exception {
        type("""
                var jdbc = services.get(org.springframework.jdbc.core.simple.JdbcClient.class);
                class Numbers extends org.springframework.batch.infrastructure.item.support.AbstractItemCountingItemStreamItemReader<Integer> {
                    Numbers() { setName("numbers"); }
                    protected Integer doRead() { return getCurrentItemCount() > 4 ? null : getCurrentItemCount(); }
                    protected void doOpen() {}
                    protected void doClose() {}
                }
                org.springframework.batch.infrastructure.item.ItemWriter<Integer> writer = items -> {
                    int number = items.getItems().get(0);
                    jdbc.sql("create table if not exists OWN (NUMBER int)").update();
                    jdbc.sql("insert into OWN values (?)").param(number).update();
                    if (number == 3 && !java.nio.file.Files.exists(NOTES)) {
                        note("failed");
                        org.springframework.transaction.support.TransactionSynchronizationManager.registerSynchronization(
                                new org.springframework.transaction.support.TransactionSynchronization() {
                                    public void beforeCommit(boolean readOnly) {
                                        throw new IllegalStateException("the commit fails");
                                    }
                                });
                    }
                    if (number == 4) {
                        note(jdbc.sql("select NUMBER from OWN").query(Integer.class).list().toString());
                    }
                };
                return step -> services.get(StepBuilders.class).<Integer, Integer>chunks(step.name(), 1)
                        .reader(new Numbers()).writer(writer).build();
                """);

        Ended failed = run("job=own");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(1);
        assertThat(failed.words()).contains("the commit fails");
        assertThat(run("job=own").exit()).isZero();
        assertThat(notes).hasContent("failed\n[1, 2, 3, 4]");
    }

    /** Also in a run that is resumed, when the step that left it is complete. */
    @Test
    void anOutputIsReadByALaterStep() throws Exception {
        new CommandLine(folder).job("own", """
                steps:
                  - own: { name: leaves }
                  - own: { name: reads, text: reads }
                """);
        type("""
                StepBuilders builders = services.get(StepBuilders.class);
                return step -> builders.single(step.name(), execution -> {
                    if (step.name().equals("leaves")) {
                        builders.output(execution, new Options("left"));
                    } else if (java.nio.file.Files.exists(NOTES)) {
                        note(builders.output(execution, step.steps().get(0), Options.class).text());
                    } else {
                        note("failed");
                        throw new java.io.IOException("fails once");
                    }
                });
                """);

        assertThat(run("job=own").exit()).isEqualTo(1);
        Ended ended = run("job=own");
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(notes).hasContent("failed\nleft");
    }

    /** A jar can listen to the observations of Spring Batch: of the job, and of each step. */
    @Test
    void observationsArriveWithTheirNames() throws Exception {
        type("""
                services.get(io.micrometer.observation.ObservationRegistry.class).observationConfig().observationHandler(
                        new io.micrometer.observation.ObservationHandler<io.micrometer.observation.Observation.Context>() {
                            public void onStop(io.micrometer.observation.Observation.Context context) {
                                var name = context.getLowCardinalityKeyValue("spring.batch.step.name");
                                note(context.getName() + (name == null ? "" : " " + name.getValue()));
                            }
                            public boolean supportsContext(io.micrometer.observation.Observation.Context context) {
                                return true;
                            }
                        });
                return step -> execution -> {};
                """);

        assertThat(run("job=own").exit()).isZero();
        assertThat(Files.readString(notes))
                .contains("spring.batch.step own\nspring.batch.job\n", "spring.batch.job.launch");
    }

    private void type(String factory) throws IOException {
        String note = """
                static final java.nio.file.Path NOTES = java.nio.file.Path.of("%s");
                static void note(String line) {
                    try {
                        java.nio.file.Files.writeString(NOTES, line + "\\n",
                                java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
                public String key()""".formatted(notes);
        SourceJar.write(
                folder.resolve("extensions/own.jar"),
                Map.of("example.Own", SourceJar.type(factory).replace("public String key()", note)),
                "example.Own");
    }

    private Ended run(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--modelbatch.extensions=" + folder.resolve("extensions");
        return new CommandLine(folder).run(all);
    }
}
