package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.transaction.TransactionSystemException;

class RepositoryOutageTest {
    private static final Throwable OUTAGE =
            new TransactionSystemException("JDBC rollback failed", new SQLException("Connection is closed"));
    private static final Throwable CONSEQUENCE =
            new JobExecutionException("Partition handler returned an unsuccessful step");

    @Test
    void isFoundWhereverItStandsAmongTheFailuresOfARun() {
        assertThat(RepositoryOutage.among(List.of(OUTAGE, CONSEQUENCE))).contains(OUTAGE);
        assertThat(RepositoryOutage.among(List.of(CONSEQUENCE, OUTAGE))).contains(OUTAGE);
    }

    @Test
    void isNotWhatElseGoesWrong() {
        assertThat(RepositoryOutage.among(List.of(CONSEQUENCE, new SQLException("no such table", "42P01"))))
                .isEmpty();
    }
}
