package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.modelbatch.worker.WorkerPartitions.Outcome;

/**
 * Executes a task of the queue.
 *
 * @param queue in which it is
 * @param partitions executes it
 * @param end says what becomes of it
 */
record TakePartition(PartitionQueue queue, WorkerPartitions partitions, EndPartition end)
        implements ExecutionHandler<Void> {
    @Override
    public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        PartitionTask task = PartitionTask.parse(instance.getId());
        Outcome outcome = queue.find(task.dispatch())
                .map(dispatch -> partitions.execute(dispatch, task, context.getExecution().version))
                .orElse(Outcome.OVER);
        return (complete, operations) -> end.end(complete.getExecution(), outcome);
    }
}
