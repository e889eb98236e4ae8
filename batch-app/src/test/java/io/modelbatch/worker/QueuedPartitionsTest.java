package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.step.StepRepository;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

class QueuedPartitionsTest {
    @Test
    void theCountsOfAPartitionAreThoseOfAllItsWorkers(@TempDir Path folder) {
        StepRepository repository = StepRepository.open(folder);
        JobExecution execution = repository.execution(repository.run("predict"));
        StepExecution lost = repository.step(execution, "infer:0");
        lost.setReadCount(10);
        lost.setWriteCount(8);
        lost.setProcessSkipCount(2);
        StepExecution later = repository.step(execution, "infer:0");
        later.setReadCount(5);
        later.setWriteCount(4);
        later.setProcessSkipCount(1);

        StepExecution all = QueuedPartitions.continued(lost, later);

        assertThat(all.getId()).isEqualTo(later.getId());
        assertThat(all.getReadCount()).isEqualTo(15);
        assertThat(all.getWriteCount()).isEqualTo(12);
        assertThat(all.getProcessSkipCount()).isEqualTo(3);
    }
}
