package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.cli.Services;
import io.modelbatch.cli.Settings;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.launch.RunRequest;
import io.modelbatch.launch.TypedCommand;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunEvent;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.OnTakeover;
import io.modelbatch.run.claim.RunHeldException;
import io.modelbatch.run.claim.RunOwner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Several runs in one process, which ends with none of them. */
class TwoRunsTest {
    private static final StepTypes TYPES = BuiltInStepTypes.all();

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Services services;

    /** Databases that keep a job repository. */
    enum Repository {
        H2,
        POSTGRESQL
    }

    /** A process that is not there for one command: it lives on when a run is taken over. */
    @Configuration(proxyBeanMethods = false)
    static class ProcessOfManyRuns {
        static volatile DataSource repository;

        @Bean
        @Primary
        OnTakeover remember() {
            return claim -> {};
        }

        @Bean
        static BeanPostProcessor repositoryOfTest() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof DataSource database) {
                        repository = database;
                    }
                    return bean;
                }
            };
        }
    }

    /** A run on a thread of its own. */
    private final class Started {
        private final ConcurrentLinkedQueue<RunEvent> seen = new ConcurrentLinkedQueue<>();
        private final CountDownLatch committing = new CountDownLatch(1);
        private final Future<RunOutcome> outcome;

        Started(String job) {
            RunRequest request = request(job);
            outcome = threads.submit(() -> services.startRun().start(request, event -> {
                seen.add(event);
                if (event instanceof RunEvent.Rows rows && rows.done() > 0) {
                    committing.countDown();
                }
            }));
        }

        void awaitCommit() {
            assertThat(Uninterruptibles.awaitUninterruptibly(committing, Duration.ofMinutes(2)))
                    .as("rows are committed: %s", seen)
                    .isTrue();
        }

        RunOutcome await() throws Exception {
            return outcome.get();
        }

        boolean isOver() {
            return outcome.isDone();
        }

        List<RunEvent> events() {
            return List.copyOf(seen);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneIsStoppedAndTheOtherCompletes(Repository repository) throws Exception {
        open(repository);
        Started slow = new Started("slow");
        slow.awaitCommit();

        Started quick = new Started("quick");
        RunOutcome completed = quick.await();
        assertThat(slow.isOver()).as("both were active").isFalse();
        assertThatThrownBy(() -> new Started("slow").await()).hasCauseInstanceOf(RunHeldException.class);
        services.runControl().stop("slow-1");
        RunOutcome stopped = slow.await();

        assertThat(completed.exit()).as(completed.toString()).isEqualTo(ExitCode.COMPLETED);
        assertThat(stopped.exit()).as(stopped.toString()).isEqualTo(ExitCode.STOPPED);
        assertThat(slow.events()).allMatch(event -> event.toString().contains("run=slow-1"));
        assertThat(quick.events()).allMatch(event -> event.toString().contains("run=quick-2"));
        assertIsLogOf("slow", stopped);
        assertIsLogOf("quick", completed);
        assertThat(Path.of(stopped.report().orElseThrow().data())).content().contains("\"slow-1\"", "\"STOPPED\"");
        assertThat(Path.of(completed.report().orElseThrow().data())).content().contains("\"quick-2\"", "\"COMPLETED\"");
    }

    private static void assertIsLogOf(String job, RunOutcome outcome) {
        assertThat(Path.of(outcome.log().orElseThrow()))
                .content()
                .containsOnlyOnce("[name=" + job + "]] completed")
                .containsOnlyOnce("] completed with")
                .containsOnlyOnce("Executing step: [infer]")
                .containsOnlyOnce("Executing step: [infer:0]");
    }

    @Test
    void aRunThatIsTakenOverCommitsNothingMoreAndTheOtherCompletes() throws Exception {
        open(Repository.H2);
        Started slow = new Started("slow");
        slow.awaitCommit();
        JdbcClient jdbc = JdbcClient.create(ProcessOfManyRuns.repository);
        Claims impatient =
                new Claims(ProcessOfManyRuns.repository, () -> "current_timestamp + interval '1' hour", claim -> {});

        Claim taken = impatient.take("job=slow", RunOwner.thisProcess(), Duration.ZERO);
        String left = left(jdbc);
        RunOutcome completed = new Started("quick").await();

        assertThatThrownBy(slow::await)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClaimLostException.class);
        assertThat(left(jdbc)).isEqualTo(left);
        impatient.verify(taken);
        assertThat(completed.exit()).as(completed.toString()).isEqualTo(ExitCode.COMPLETED);
        assertThat(slow.events())
                .noneMatch(event -> event instanceof RunEvent.StepEnded ended
                        && ended.step().startsWith("infer"));
    }

    /** The run in the job repository: the rows that are committed, and how its executions stand. */
    private static String left(JdbcClient jdbc) {
        return jdbc.sql("select count(*), sum(ROW_COUNT) from MODELBATCH_SHARD where JOB_INSTANCE_ID = 1")
                        .query()
                        .singleRow()
                + " "
                + jdbc.sql(
                                "select s.STEP_NAME, s.STATUS, s.READ_COUNT, s.VERSION, e.STATUS as JOB_STATUS, e.VERSION as JOB_VERSION"
                                        + " from BATCH_STEP_EXECUTION s"
                                        + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = s.JOB_EXECUTION_ID"
                                        + " where e.JOB_INSTANCE_ID = 1 order by s.STEP_EXECUTION_ID")
                        .query()
                        .listOfRows();
    }

    private void open(Repository repository) throws Exception {
        new CommandLine(folder)
                .job("slow", SmallShop.often(100_000))
                .job("quick", SmallShop.often(30).replace("gs://results/all", "gs://results/quick"))
                .classifier("models/tiny");
        Map<String, String> properties = new HashMap<>(Map.of(
                "modelbatch.jobs", folder.resolve("job-configs").toString(),
                "modelbatch.local.home", folder.resolve("local").toString()));
        if (repository == Repository.POSTGRESQL) {
            properties.put("spring.datasource.url", PostgresServer.sharedDatabase());
            properties.put("spring.datasource.username", "postgres");
            properties.put("spring.datasource.password", "postgres");
        }
        services = BatchApplication.start(new Settings(properties, Map.of()), TYPES, ProcessOfManyRuns.class);
        opened.add(0, services::close);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdown();
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    private RunRequest request(String job) {
        return new RunRequest(
                new JobFiles(folder.resolve("job-configs")).parse(job, TYPES).resolve(Map.of(), Clock.systemUTC()),
                RunRequest.Again.RESUME,
                RunRequest.Changes.REFUSE,
                Duration.ZERO,
                new TypedCommand("batch", List.of("job=" + job), List.of()),
                List.of());
    }
}
