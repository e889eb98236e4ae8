package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

abstract class LeaseContract {
    private static final String RUN = "predict{date=2026-01-01}";

    private JdbcClient jdbc;
    private Lease mine;
    private Lease other;

    /** An empty job repository with its tables. */
    abstract DataSource repository() throws Exception;

    @BeforeEach
    void openRepository() throws Exception {
        jdbc = JdbcClient.create(repository());
        mine = new Lease(jdbc);
        other = new Lease(jdbc);
    }

    @AfterEach
    void release() {
        mine.release();
        other.release();
    }

    @Test
    void aRunHasOneOwner() {
        mine.acquire(RUN, Duration.ZERO, () -> {});

        assertThatThrownBy(() -> other.acquire(RUN, Duration.ZERO, () -> {}))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    /** An interrupt in the middle of a commit closes H2's file, and what is left of a renewal would write after a command has ended. */
    @Test
    void aReleaseWaitsForARenewalAndDoesNotInterruptIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch undisturbed = new CountDownLatch(1);
        mine.acquire(RUN, Duration.ZERO, () -> {
            begun.countDown();
            try {
                end.await();
                undisturbed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        mine.askToStop(RUN);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        Thread releasing = new Thread(() -> mine.release());
        releasing.start();
        while (releasing.getState() != Thread.State.BLOCKED && releasing.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(releasing.isAlive()).as("waits for the renewal").isTrue();
        end.countDown();
        releasing.join();

        assertThat(undisturbed.getCount()).isZero();
    }

    @Test
    void aReleasedRunIsFree() {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        mine.release();

        assertThatCode(() -> other.acquire(RUN, Duration.ZERO, () -> {})).doesNotThrowAnyException();
    }

    @Test
    void otherParametersAreAnotherRun() {
        mine.acquire(RUN, Duration.ZERO, () -> {});

        assertThatCode(() -> other.acquire("job=predict date=2026-01-02", Duration.ZERO, () -> {}))
                .doesNotThrowAnyException();
    }

    @Test
    void aProcessThatIsGoneHoldsNothing() throws Exception {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        jdbc.sql("update MODELBATCH_LEASE set PROCESS_ID = ?").param(gone.pid()).update();

        other.acquire(RUN, Duration.ZERO, () -> {});

        assertThat(owner()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void anOwnerOfAnotherMachineKeepsItsRunUntilItsLeaseEnds() {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        jdbc.sql("update MODELBATCH_LEASE set MACHINE = 'elsewhere', PROCESS_ID = 1")
                .update();
        assertThatThrownBy(() -> other.acquire(RUN, Duration.ZERO, () -> {}))
                .hasMessageContaining("on elsewhere")
                .hasMessageContaining("its lease expires within 20 seconds");

        jdbc.sql("update MODELBATCH_LEASE set EXPIRES = ?")
                .param(OffsetDateTime.now().minusSeconds(1))
                .update();
        other.acquire(RUN, Duration.ZERO, () -> {});

        assertThat(owner()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void whoWaitsGetsARunThatIsReleased() throws Exception {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        Thread owner = new Thread(() -> mine.release());
        owner.start();

        other.acquire(RUN, Duration.ofSeconds(30), () -> {});

        owner.join();
        other.verify();
        assertThat(other.isHeld(RUN)).isTrue();
    }

    @Test
    void theOwnerHearsThatItIsToStop() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        mine.acquire(RUN, Duration.ZERO, asked::countDown);

        assertThat(other.askToStop(RUN)).isTrue();

        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(other.askToStop("job=other")).isFalse();
    }

    @Test
    void ofManyWhoWantARunAtOnceOneGetsIt() throws Exception {
        AtomicInteger owners = new AtomicInteger();
        List<Lease> leases =
                IntStream.range(0, 8).mapToObj(i -> new Lease(jdbc)).toList();
        List<Thread> threads = leases.stream()
                .map(lease -> new Thread(() -> {
                    try {
                        lease.acquire(RUN, Duration.ZERO, () -> {});
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
        leases.forEach(Lease::release);

        assertThat(owners).hasValue(1);
    }

    private long owner() {
        return jdbc.sql("select PROCESS_ID from MODELBATCH_LEASE")
                .query(Long.class)
                .single();
    }
}
