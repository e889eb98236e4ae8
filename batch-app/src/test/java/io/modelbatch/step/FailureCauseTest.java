package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecutionException;

class FailureCauseTest {
    private static final Throwable CONSEQUENCE =
            new JobExecutionException("Partition handler returned an unsuccessful step");

    @Test
    void isWhatWasWrittenForAPersonWhereverItStands() {
        Throwable written = new IllegalStateException(new StepFailedException("the folder is another job's"));

        assertThat(FailureCause.of(List.of(CONSEQUENCE, new IllegalStateException("?"), written)))
                .contains(new FailureCause("the folder is another job's", FailureCause.Remedy.CHANGE));
    }

    @Test
    void isNotTheConsequenceOfAnotherFailure() {
        assertThat(FailureCause.of(List.of(CONSEQUENCE, new IllegalStateException("no such thing"))))
                .contains(
                        new FailureCause("java.lang.IllegalStateException: no such thing", FailureCause.Remedy.RETRY));
    }
}
