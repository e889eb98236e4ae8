package io.modelbatch.worker;

import io.modelbatch.run.Run;

/** Tells how many workers execute partitions of a dispatch, whenever the number changes. */
final class WorkerCount implements DispatchWatch {
    private final Dispatch dispatch;
    private final Run run;
    private int workers = -1;

    WorkerCount(Dispatch dispatch, Run run) {
        this.dispatch = dispatch;
        this.run = run;
    }

    @Override
    public void look(PartitionQueue.Load load) {
        if (load.open() > 0 && load.workers() != workers) {
            workers = load.workers();
            run.progress().workers(dispatch.step(), workers, load.open());
        }
    }
}
