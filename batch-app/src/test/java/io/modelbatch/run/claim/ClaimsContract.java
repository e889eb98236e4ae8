package io.modelbatch.run.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.modelbatch.run.ClockOfTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

abstract class ClaimsContract {
    private static final String RUN = "job=predict date=2026-01-01";
    private static final Duration DURATION = Claims.DURATION;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Long enough for somebody who is not kept from it to take a run. */
    private static final Duration UNDECIDED = Duration.ofMillis(500);

    private static final int WRITERS = 4;
    private static final int TAKEOVERS = Integer.getInteger("takeovers", 10);

    private final ClockOfTest clock = new ClockOfTest(Instant.parse("2026-03-31T03:15:00Z"));
    private final List<Claim> lost = Collections.synchronizedList(new ArrayList<>());
    private DataSource repository;
    private JdbcClient jdbc;
    private Claims claims;

    /** An empty job repository with its tables. */
    abstract DataSource repository() throws Exception;

    @BeforeEach
    void openRepository() throws Exception {
        repository = repository();
        jdbc = JdbcClient.create(repository);
        claims = new Claims(repository, clock, lost::add);
    }

    @Test
    void aRunHasOneOwner() {
        take(RUN);

        assertThatThrownBy(() -> take(RUN))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("since 2026-03-31T03:15:00Z");
    }

    @Test
    void aReleasedRunIsFree() {
        Claim first = take(RUN);
        claims.release(first);

        Claim second = take(RUN);

        claims.verify(second);
        assertIsLost(first);
    }

    @Test
    void otherParametersAreAnotherRun() {
        take(RUN);

        assertThatCode(() -> take("job=predict date=2026-01-02")).doesNotThrowAnyException();
    }

    @Test
    void aProcessThatIsGoneHoldsNothing() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        RunOwner self = RunOwner.thisProcess();
        Claim dead = claims.take(RUN, new RunOwner("1", self.machine(), gone.pid(), 1), Duration.ZERO);

        Claim mine = take(RUN);

        assertThat(mine.epoch()).isEqualTo(dead.epoch() + 1);
    }

    @Test
    void anOwnerOfAnotherMachineKeepsItsRunUntilItsLeaseEnds() {
        Claim elsewhere = elsewhere();
        clock.move(DURATION);
        assertThatThrownBy(() -> take(RUN))
                .hasMessageContaining("on elsewhere")
                .hasMessageContaining("its lease expires within 20 seconds");

        clock.move(SECOND);
        Claim mine = take(RUN);

        claims.verify(mine);
        assertThat(mine.epoch()).isEqualTo(elsewhere.epoch() + 1);
        assertIsLost(elsewhere);
        assertThat(lost).containsExactly(elsewhere);
    }

    @Test
    void aRenewedClaimIsGoodForAsLongAgain() {
        Claim elsewhere = elsewhere();
        clock.move(DURATION);

        assertThat(claims.renew(elsewhere)).isEqualTo(Claims.Renewal.RENEWED);

        clock.move(DURATION);
        assertThatThrownBy(() -> take(RUN)).isInstanceOf(RunHeldException.class);
        assertThat(claims.holders().get(RUN).gone()).isFalse();
        clock.move(SECOND);
        assertThat(claims.holders().get(RUN).gone()).isTrue();
    }

    /** As in a process that manages two runs, or starts one again after it was suspended. */
    @Test
    void aClaimIsLostToTheSameProcessToo() {
        Claim before = take(RUN);
        clock.move(DURATION.plus(SECOND));

        Claim now = take(RUN);

        claims.verify(now);
        assertIsLost(before);
        assertThat(claims.renew(before)).isEqualTo(Claims.Renewal.LOST);
        claims.release(before);
        claims.verify(now);
    }

    @Test
    void aClaimMayBeVerifiedByAnotherProcess() {
        String handed = take(RUN).text();

        new Claims(repository, ClaimClock.DATABASE, claim -> {}).verify(Claim.parse(handed));
    }

    @Test
    void nobodyTakesARunOverBeforeTheCommitOfATransactionThatVerified() throws Exception {
        Claim elsewhere = elsewhere();
        clock.move(DURATION.plus(SECOND));
        List<Object> order = Collections.synchronizedList(new ArrayList<>());
        Thread taking = new Thread(() -> {
            take(RUN);
            order.add("taken");
        });

        new TransactionTemplate(new JdbcTransactionManager(repository)).executeWithoutResult(transaction -> {
            claims.verify(elsewhere);
            taking.start();
            assertThatCode(() -> taking.join(UNDECIDED.toMillis())).doesNotThrowAnyException();
            assertThat(order).isEmpty();
            claims.verify(elsewhere);
            order.add("committed");
        });
        taking.join();

        assertThat(order).containsExactly("committed", "taken");
        assertIsLost(elsewhere);
    }

    /** Each owner takes the run over from the one before, while writers that still hold a claim commit as fast as they can. */
    @Test
    void nothingIsCommittedUnderAClaimAfterTheRunWasTakenOver() throws Exception {
        jdbc.sql("create table COMMITS (EPOCH BIGINT not null)").update();
        AtomicReference<Claim> current = new AtomicReference<>(elsewhere());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger refused = new AtomicInteger();
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(repository);
        HikariDataSource connections = new HikariDataSource(pool);
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> new Thread(() -> {
                    while (!over.get()) {
                        try {
                            commit(connections, current.get());
                        } catch (ClaimLostException lostNow) {
                            refused.incrementAndGet();
                        }
                    }
                }))
                .toList();
        writers.forEach(Thread::start);
        Map<Long, Long> committed = new TreeMap<>();
        for (int takeover = 0; takeover < TAKEOVERS; takeover++) {
            while (commits(current.get().epoch()) < 3) {
                Thread.onSpinWait();
            }
            clock.move(DURATION.plus(SECOND));
            Claim before = current.get();
            Claim now = elsewhere();
            committed.put(before.epoch(), commits(before.epoch()));
            current.set(now);
        }
        over.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        connections.close();

        committed.forEach((epoch, commits) ->
                assertThat(commits(epoch)).as("commits of epoch %s", epoch).isEqualTo(commits));
        assertThat(committed).hasSize(TAKEOVERS);
        assertThat(refused).hasPositiveValue();
    }

    private void commit(DataSource connections, Claim claim) {
        Claims elsewhere = new Claims(connections, clock, lost::add);
        new TransactionTemplate(new JdbcTransactionManager(connections)).executeWithoutResult(transaction -> {
            elsewhere.verify(claim);
            JdbcClient.create(connections)
                    .sql("insert into COMMITS (EPOCH) values (?)")
                    .param(claim.epoch())
                    .update();
        });
    }

    private long commits(long epoch) {
        return jdbc.sql("select count(*) from COMMITS where EPOCH = ?")
                .param(epoch)
                .query(Long.class)
                .single();
    }

    @Test
    void whoWaitsGetsARunThatIsReleased() throws Exception {
        Claim first = take(RUN);
        Thread owner = new Thread(() -> claims.release(first));
        owner.start();

        Claim second = claims.take(RUN, RunOwner.thisProcess(), Duration.ofSeconds(30));

        owner.join();
        claims.verify(second);
        assertThat(claims.isHeld(RUN)).isTrue();
    }

    @Test
    void theOwnerHearsThatItIsToStop() {
        Claim claim = take(RUN);

        assertThat(claims.askToStop(RUN)).isTrue();

        assertThat(claims.renew(claim)).isEqualTo(Claims.Renewal.STOP_REQUESTED);
        assertThat(claims.askToStop("job=other")).isFalse();
    }

    @Test
    void ofManyWhoWantARunAtOnceOneGetsIt() throws Exception {
        AtomicInteger owners = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        take(RUN);
                        owners.incrementAndGet();
                    } catch (RunHeldException held) {
                        return;
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(owners).hasValue(1);
    }

    private Claim take(String run) {
        return claims.take(run, RunOwner.thisProcess(), Duration.ZERO);
    }

    /** Of a machine whose processes nobody here can look at. */
    private Claim elsewhere() {
        return claims.take(RUN, new RunOwner("1", "elsewhere", 7, 1), Duration.ZERO);
    }

    private void assertIsLost(Claim claim) {
        assertThatThrownBy(() -> claims.verify(claim))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining(RUN);
    }
}
