package io.modelbatch.worker;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The partitions of a dispatch, as far as workers concern them.
 *
 * @param waiting those that a worker may take
 * @param executing those that a worker executes, and not the manager itself
 */
record WaitingPartitions(int waiting, int executing) {
    static WaitingPartitions of(long dispatch, JdbcClient jdbc) {
        return jdbc.sql(
                        "select coalesce(sum(case when T.PICKED or T.EXECUTION_TIME > current_timestamp then 0 else 1 end), 0),"
                                + " coalesce(sum(case when T.PICKED and W.ID is not null then 1 else 0 end), 0)"
                                + " from MODELBATCH_TASK T left join MODELBATCH_WORKER W on W.ID = T.PICKED_BY where T.DISPATCH = ?")
                .param(dispatch)
                .query((row, n) -> new WaitingPartitions(row.getInt(1), row.getInt(2)))
                .single();
    }

    /** True if there is work, and no worker at it. */
    boolean lackWorkers() {
        return waiting > 0 && executing == 0;
    }
}
