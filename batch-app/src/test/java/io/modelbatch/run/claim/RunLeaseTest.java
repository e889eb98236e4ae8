package io.modelbatch.run.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.run.TestRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RunLeaseTest {
    private static final String RUN = "job=predict date=2026-01-01";

    @TempDir
    private Path folder;

    private final CountDownLatch lost = new CountDownLatch(1);
    private JdbcClient jdbc;
    private Claims claims;

    @BeforeEach
    void openRepository() {
        DataSource repository = TestRepository.h2(folder);
        jdbc = JdbcClient.create(repository);
        claims = new Claims(repository, ClaimClock.DATABASE, claim -> lost.countDown());
    }

    /** An interrupt in the middle of a commit closes H2's file, and what is left of a renewal would write after a command has ended. */
    @Test
    void aReleaseWaitsForARenewalAndDoesNotInterruptIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch undisturbed = new CountDownLatch(1);
        RunLease lease = RunLease.take(claims, RUN, Duration.ZERO, () -> {
            begun.countDown();
            try {
                end.await();
                undisturbed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        claims.askToStop(RUN);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        Thread releasing = new Thread(lease::close);
        releasing.start();
        while (releasing.getState() != Thread.State.BLOCKED && releasing.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(releasing.isAlive()).as("waits for the renewal").isTrue();
        end.countDown();
        releasing.join();

        assertThat(undisturbed.getCount()).isZero();
        assertThat(claims.isHeld(RUN)).isFalse();
    }

    @Test
    void aLostRunStopsAndItsProcessIsTold() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (RunLease lease = RunLease.take(claims, RUN, Duration.ZERO, stopped::countDown)) {
            claims.release(lease.claim());
            Claim other = claims.take(RUN, RunOwner.thisProcess(), Duration.ZERO);

            assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stopped.getCount()).isZero();
            lease.close();
            claims.verify(other);
        }
    }
}
