package io.modelbatch.run.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.extension.Target;
import io.modelbatch.run.ClockOfTest;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

abstract class TargetClaimsContract {
    private static final Target FOLDER = new Target("gs://results/night", Target.Use.ALONE, null);

    private JdbcClient jdbc;
    private DataSource repository;
    private final ClockOfTest clock = new ClockOfTest(Instant.parse("2026-03-31T03:15:00Z"));
    private final List<Claim> runs = new ArrayList<>();
    private final List<RunLease> leases = new ArrayList<>();
    private Claims runClaims;

    /** An empty job repository with its tables. */
    abstract DataSource repository() throws Exception;

    @BeforeEach
    void openRepository() throws Exception {
        repository = repository();
        jdbc = JdbcClient.create(repository);
        runClaims = new Claims(repository, clock, claim -> {});
    }

    @AfterEach
    void release() {
        leases.forEach(RunLease::close);
    }

    @Test
    void aFolderHasOneRun() {
        claim("job=a", FOLDER);

        assertThatThrownBy(() -> claim("job=b", FOLDER))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContainingAll(
                        "gs://results/night",
                        "job=a",
                        "process " + ProcessHandle.current().pid(),
                        "wait=1h");
        assertThatCode(() -> claim("job=c", new Target("gs://results/day", Target.Use.ALONE, null)))
                .doesNotThrowAnyException();
    }

    @Test
    void allOrNothingIsClaimed() {
        Target other = new Target("gs://results/other", Target.Use.ALONE, null);
        claim("job=a", FOLDER);
        assertThatThrownBy(() -> claim("job=b", other, FOLDER)).isInstanceOf(RunHeldException.class);

        assertThatCode(() -> claim("job=c", other)).doesNotThrowAnyException();
    }

    @Test
    void aTableIsReplacedAloneAndAddedToTogether() {
        claim("job=a", table("", Target.Use.SHARED));
        claim("job=b", table("", Target.Use.SHARED), table(", partition 2026-01-01", Target.Use.SHARED));

        assertThatThrownBy(() -> claim("job=c", table("", Target.Use.ALONE))).isInstanceOf(RunHeldException.class);
        assertThatThrownBy(() -> claim("job=d", table(", partition 2026-01-02", Target.Use.ALONE)))
                .isInstanceOf(RunHeldException.class);
        assertThatCode(() -> claim("job=e", new Target("table shop.answers2", Target.Use.ALONE, null)))
                .doesNotThrowAnyException();
    }

    @Test
    void daysOfATableAreApart() {
        claim("job=a", table(", partition 2026-01-01", Target.Use.ALONE));

        assertThatCode(() -> claim("job=b", table(", partition 2026-01-02", Target.Use.ALONE)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> claim("job=c", table(", partition 2026-01-02", Target.Use.SHARED)))
                .isInstanceOf(RunHeldException.class);
        assertThatThrownBy(() -> claim("job=d", table("", Target.Use.ALONE))).isInstanceOf(RunHeldException.class);
    }

    @Test
    void aRunClaimsAgainWhatItHas() {
        claim("job=a", FOLDER);
        runs.forEach(runClaims::release);

        assertThatCode(() -> claim("job=a", FOLDER)).doesNotThrowAnyException();
    }

    @Test
    void whatAKilledProcessLeftOfACompleteRunIsRemoved(@TempDir Path folder) throws Exception {
        ObjectUri night = ObjectUri.parse("gs://results/night");
        ObjectUri other = ObjectUri.parse("gs://results/other");
        ObjectStore store = ObjectStores.folder(folder);
        Target result = new Target(night.toString(), Target.Use.ALONE, night);
        runClaim(store).acquire("job=a", List.of(result), Duration.ZERO, reason -> {});
        runClaim(store)
                .acquire("job=b", List.of(new Target("other", Target.Use.ALONE, other)), Duration.ZERO, reason -> {});

        runClaim(store).removeLeft("job=b", List.of(result));
        assertThat(store.list(night)).as("the marker of another run").hasSize(1);
        runClaim(store).removeLeft("job=a", List.of(result));

        assertThat(store.list(night)).isEmpty();
        assertThat(jdbc.sql("select RUN_KEY from MODELBATCH_CLAIM")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private RunClaim runClaim(ObjectStore store) {
        RunLease lease = RunLease.take(runClaims, "job=lease-" + leases.size(), Duration.ZERO, () -> {});
        leases.add(lease);
        return new RunClaim(lease, claims(), new ResultMarkers(store, Clock.systemUTC(), Duration.ofHours(1)));
    }

    @Test
    void aRunThatEndedOrDiedHoldsNothing() throws Exception {
        claim("job=ended", FOLDER);
        runs.forEach(runClaims::release);
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        RunOwner self = RunOwner.thisProcess();
        claim("job=killed", new RunOwner("1", self.machine(), gone.pid(), 1), FOLDER);

        assertThatCode(() -> claim("job=next", FOLDER)).doesNotThrowAnyException();
    }

    @Test
    void aRunElsewhereHoldsItsTargetsUntilItsLeaseEndsAndNotAgainThen() {
        Claim elsewhere = runElsewhere();
        clock.move(Claims.DURATION);
        assertThatThrownBy(() -> claim("job=b", FOLDER))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContaining("on elsewhere");

        clock.move(Duration.ofSeconds(1));
        claim("job=c", FOLDER);

        assertThatThrownBy(() -> runClaims.verify(elsewhere))
                .as("a process that was only suspended must not continue")
                .isInstanceOf(ClaimLostException.class);
    }

    @Test
    void aProcessSuspendedWithinATransactionIsNotWaitedFor() throws Exception {
        runElsewhere();
        clock.move(Claims.DURATION.plusSeconds(1));
        try (Connection suspended = repository.getConnection()) {
            suspended.setAutoCommit(false);
            suspended
                    .createStatement()
                    .executeQuery("select 1 from MODELBATCH_LEASE where RUN_KEY = 'job=elsewhere' for update");

            assertThatThrownBy(() -> claim("job=b", FOLDER)).isInstanceOf(RunHeldException.class);
            suspended.rollback();
        }
        assertThatCode(() -> claim("job=c", FOLDER)).doesNotThrowAnyException();
    }

    /** Of another machine, so that nobody can know whether its process is there. */
    private Claim runElsewhere() {
        return claim("job=elsewhere", new RunOwner("o", "elsewhere", 7, 1), FOLDER);
    }

    @Test
    void whoWaitsGetsWhatIsReleased() throws Exception {
        claim("job=a", FOLDER);
        Thread owner = new Thread(() -> claims().release(runs.get(0).owner()));
        owner.start();

        claims().acquire(
                        "job=b",
                        take("job=b", RunOwner.thisProcess()).owner(),
                        List.of(FOLDER),
                        new WaitTimeout(Duration.ofSeconds(30), reason -> {}));

        owner.join();
    }

    @Test
    void ofManyWhoWantATargetAtOnceOneGetsIt() throws Exception {
        AtomicInteger owners = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> {
                    String run = "job=" + i;
                    String owner = take(run, RunOwner.thisProcess()).owner();
                    return new Thread(() -> {
                        try {
                            claims().acquire(run, owner, List.of(FOLDER), new WaitTimeout(Duration.ZERO, reason -> {}));
                            owners.incrementAndGet();
                        } catch (RunHeldException held) {
                            return;
                        }
                    });
                })
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(owners).hasValue(1);
    }

    private static Target table(String part, Target.Use use) {
        return new Target("table shop.answers" + part, use, null);
    }

    private void claim(String run, Target... targets) {
        claim(run, RunOwner.thisProcess(), targets);
    }

    private Claim claim(String run, RunOwner owner, Target... targets) {
        Claim claim = take(run, owner);
        claims().acquire(run, claim.owner(), List.of(targets), new WaitTimeout(Duration.ZERO, reason -> {}));
        return claim;
    }

    private Claim take(String run, RunOwner owner) {
        Claim claim = runClaims.take(run, owner, Duration.ZERO);
        runs.add(claim);
        return claim;
    }

    private TargetClaims claims() {
        return new TargetClaims(jdbc, new JdbcTransactionManager(repository), clock);
    }
}
