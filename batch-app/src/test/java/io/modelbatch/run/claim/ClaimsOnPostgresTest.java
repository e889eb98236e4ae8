package io.modelbatch.run.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Futures;
import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

class ClaimsOnPostgresTest extends ClaimsContract {
    @Override
    DataSource repository() throws Exception {
        return TestRepository.postgres(PostgresServer.sharedDatabase());
    }

    /** A process that is suspended in the middle of a commit holds up neither the other partitions nor the manager. */
    @Test
    void manyVerifyAtOnceAndTheManagerRenewsMeanwhile() throws Exception {
        DataSource repository =
                TestRepository.postgres(PostgresServer.sharedDatabase() + "?options=-c%20lock_timeout=1000");
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(repository));
        Claims claims = new Claims(repository, ClaimClock.DATABASE, claim -> {});
        Claim claim = claims.take("job=predict", RunOwner.thisProcess(), Duration.ZERO);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            transactions.executeWithoutResult(suspended -> {
                claims.verify(claim);
                Future<?> partition =
                        other.submit(() -> transactions.executeWithoutResult(transaction -> claims.verify(claim)));
                assertThatCode(partition::get).doesNotThrowAnyException();
                assertThat(renewed(other, claims, claim)).isEqualTo(Claims.Renewal.RENEWED);
            });
        } finally {
            other.shutdown();
        }
    }

    /** A process that stays suspended in the middle of a commit, or whose machine is gone, keeps nobody from taking the run over. */
    @Test
    void aCommitThatNeverEndsDelaysATakeoverForAMoment() throws Exception {
        DataSource repository = TestRepository.postgres(PostgresServer.sharedDatabase());
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(repository));
        Claims claims = new Claims(repository, ClaimClock.DATABASE, claim -> {});
        Claims later = new Claims(repository, () -> "current_timestamp + interval '1' hour", claim -> {});
        Claim claim = claims.take("job=predict", new RunOwner("1", "elsewhere", 7, 1), Duration.ZERO);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            assertThatThrownBy(() -> transactions.executeWithoutResult(suspended -> {
                        claims.verify(claim);
                        Future<Claim> next =
                                other.submit(() -> later.take("job=predict", RunOwner.thisProcess(), Duration.ZERO));
                        assertThat(Futures.getUnchecked(next).epoch()).isEqualTo(claim.epoch() + 1);
                    }))
                    .isInstanceOf(TransactionSystemException.class);
        } finally {
            other.shutdown();
        }
    }

    private static Claims.Renewal renewed(ExecutorService other, Claims claims, Claim claim) {
        return Futures.getUnchecked(other.submit(() -> claims.renew(claim)));
    }
}
