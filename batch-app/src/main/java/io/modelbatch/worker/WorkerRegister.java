package io.modelbatch.worker;

import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.RunOwner;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The workers that are there, in {@code MODELBATCH_WORKER}: each says so all the time, and of each of its partitions too. One that does not is gone. */
final class WorkerRegister {
    private static final Logger log = LoggerFactory.getLogger(WorkerRegister.class);
    /** Between two signs of life of a worker. */
    static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);
    /** A worker is gone when it has given no sign of life for so long. */
    static final Duration GONE = BETWEEN_SIGNS.multipliedBy(4);

    private static final String THERE = "LAST_SEEN > current_timestamp - interval '" + GONE.toSeconds() + "' second";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    WorkerRegister(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
    }

    /**
     * Enters a worker, and removes those that are gone.
     *
     * @return empty when there are as many of its kind as may be
     */
    Optional<Entry> enter(String name, RunOwner process, String device, WorkerOptions options) {
        Entry entry = new Entry(name, process, device, options.spot());
        boolean entered = Boolean.TRUE.equals(transactions.execute(transaction -> {
            jdbc.sql("select ID from MODELBATCH_REPOSITORY for update")
                    .query(String.class)
                    .single();
            jdbc.sql("delete from MODELBATCH_WORKER where not " + THERE).update();
            Integer most = options.mostWorkers();
            int there = jdbc.sql("select count(*) from MODELBATCH_WORKER where DEVICE = ?")
                    .param(device)
                    .query(Integer.class)
                    .single();
            if (most != null && there >= most) {
                return false;
            }
            entry.signOfLife(Set.of());
            return true;
        }));
        return entered ? Optional.of(entry) : Optional.empty();
    }

    /** The versions of workers that are there and leave partitions of this version to others. */
    Set<String> otherVersions() {
        return new TreeSet<>(jdbc.sql("select distinct VERSION from MODELBATCH_WORKER where VERSION <> ? and " + THERE)
                .param(ProgramVersion.text())
                .query(String.class)
                .list());
    }

    /** The number of workers that are there, by the kind of their device. */
    Map<String, Long> byDevice() {
        Map<String, Long> numbers = new HashMap<>();
        jdbc.sql("select DEVICE, count(*) from MODELBATCH_WORKER where " + THERE + " group by DEVICE")
                .query(row -> {
                    numbers.put(row.getString(1), row.getLong(2));
                });
        return numbers;
    }

    /** The entry of a worker. */
    final class Entry implements AutoCloseable {
        private final String name;
        private final RunOwner process;
        private final String device;
        private final boolean spot;

        private Entry(String name, RunOwner process, String device, boolean spot) {
            this.name = name;
            this.process = process;
            this.device = device;
            this.spot = spot;
        }

        /**
         * Says that the worker is there, also after another one removed its entry: while this one was suspended, it was gone. It is one statement,
         * because all workers send it all the time.
         *
         * @param executing its partitions
         * @return the dispatches of these that are not asked to stop
         */
        Set<Long> signOfLife(Set<PartitionTask> executing) {
            return Set.copyOf(jdbc.sql(
                            "with SEEN as (insert into MODELBATCH_WORKER (ID, HOST, PROCESS_ID, DEVICE, SPOT, VERSION, SINCE, LAST_SEEN)"
                                    + " values (?, ?, ?, ?, ?, ?, current_timestamp, current_timestamp)"
                                    + " on conflict (ID) do update set LAST_SEEN = current_timestamp),"
                                    + " BEAT as (update MODELBATCH_TASK set LAST_HEARTBEAT = current_timestamp"
                                    + " where TASK_NAME = '" + Claim.Task.NAME
                                    + "' and TASK_INSTANCE = any (?) and PICKED and PICKED_BY = ?)"
                                    + " select ID from MODELBATCH_DISPATCH where ID = any (?) and STOPPING = 'N'")
                    .params(name, process.host(), process.processId(), device, spot ? "Y" : "N")
                    .param(ProgramVersion.text())
                    .params(PartitionTask.instances(executing), name)
                    .param(executing.stream().map(PartitionTask::dispatch).toArray(Long[]::new))
                    .query(Long.class)
                    .list());
        }

        /** Without the database the entry remains, until the next worker enters that misses this one. */
        @Override
        public void close() {
            try {
                jdbc.sql("delete from MODELBATCH_WORKER where ID = ?")
                        .param(name)
                        .update();
            } catch (DataAccessException e) {
                log.warn("The entry of this worker remains", e);
            }
        }
    }
}
