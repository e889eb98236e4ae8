package io.modelbatch.worker;

import io.modelbatch.worker.WorkerSource.Machines;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The partitions of a dispatch, as far as workers concern them.
 *
 * @param waiting those that a worker may take
 * @param executing those of workers that may take more of them; the manager itself is none
 * @param machines the machines of workers that may take them
 */
record WaitingPartitions(int waiting, int executing, Machines machines) {
    static WaitingPartitions of(long dispatch, JdbcClient jdbc) {
        return jdbc.sql(
                        "select coalesce(sum(case when T.PICKED or T.EXECUTION_TIME > current_timestamp then 0 else 1 end), 0),"
                                + " coalesce(sum(case when T.PICKED and (W.SPOT = 'N' or W.SPOT = 'Y' and D.ON_DEMAND = 'N') then 1"
                                + " else 0 end), 0), max(D.ON_DEMAND)"
                                + " from MODELBATCH_TASK T join MODELBATCH_DISPATCH D on D.ID = T.DISPATCH"
                                + " left join MODELBATCH_WORKER W on W.ID = T.PICKED_BY where T.DISPATCH = ?")
                .param(dispatch)
                .query((row, n) -> new WaitingPartitions(
                        row.getInt(1), row.getInt(2), "Y".equals(row.getString(3)) ? Machines.ON_DEMAND : Machines.ANY))
                .single();
    }

    /** True if there is work, and no worker at it. */
    boolean lackWorkers() {
        return waiting > 0 && executing == 0;
    }
}
