package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecutionException;

class FailureCauseTest {
    private static final Throwable CONSEQUENCE =
            new JobExecutionException("Partition handler returned an unsuccessful step");

    @Test
    void isWhatWasWrittenForAPersonWhereverItStands() {
        Throwable written = new IllegalStateException(new StepFailedException("the folder is another job's"));

        assertThat(FailureCause.of(List.of(CONSEQUENCE, new IllegalStateException("?"), written)))
                .contains(new FailureCause("the folder is another job's", Remedy.CHANGE));
    }

    @Test
    void isNotTheConsequenceOfAnotherFailure() {
        assertThat(FailureCause.of(List.of(CONSEQUENCE, new IllegalStateException("no such thing"))))
                .contains(new FailureCause("java.lang.IllegalStateException: no such thing", Remedy.RETRY));
    }

    /** An extension has exceptions that nobody here knows. */
    @Test
    void isWhatAnExplainedExceptionSaysHelps() {
        Throwable busy = new IllegalStateException(new Busy());

        assertThat(FailureCause.of(List.of(busy)))
                .contains(new FailureCause("the licence server is busy", Remedy.RETRY));
    }

    private static final class Busy extends RuntimeException implements Explained {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("the licence server is busy");
        }

        @Override
        public Optional<Remedy> remedy() {
            return Optional.of(Remedy.RETRY);
        }
    }
}
