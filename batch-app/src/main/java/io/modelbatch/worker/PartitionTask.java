package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.modelbatch.run.claim.Claim;
import java.util.Collection;

/**
 * A partition as a task of the queue.
 *
 * @param dispatch the id of its {@link Dispatch}
 * @param number of the partition
 */
record PartitionTask(long dispatch, int number) {
    /** The name of all such tasks. They have no data: everything is in the tables of the job repository. */
    static final TaskDescriptor<Void> TYPE = TaskDescriptor.of(Claim.Task.NAME);

    /** Reads {@link #instance}. */
    static PartitionTask parse(String instance) {
        String[] parts = instance.split("/", 2);
        return new PartitionTask(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Their ids in the queue. */
    static String[] instances(Collection<PartitionTask> tasks) {
        return tasks.stream().map(PartitionTask::instance).toArray(String[]::new);
    }

    /** Its id in the queue. */
    String instance() {
        return dispatch + "/" + number;
    }
}
