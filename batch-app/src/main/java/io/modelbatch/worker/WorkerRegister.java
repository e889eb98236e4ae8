package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.claim.RunOwner;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The workers that are there, in {@code MODELBATCH_WORKER}. */
final class WorkerRegister {
    private static final Logger log = LoggerFactory.getLogger(WorkerRegister.class);
    private static final Duration RENEWAL = Duration.ofSeconds(30);
    static final Duration GONE = Duration.ofSeconds(90);

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
        boolean entered = Boolean.TRUE.equals(transactions.execute(transaction -> {
            jdbc.sql("select ID from MODELBATCH_REPOSITORY for update")
                    .query(String.class)
                    .single();
            jdbc.sql("delete from MODELBATCH_WORKER where LAST_SEEN < current_timestamp - interval '" + GONE.toSeconds()
                            + "' second")
                    .update();
            Integer most = options.mostWorkers();
            int there = jdbc.sql("select count(*) from MODELBATCH_WORKER where DEVICE = ?")
                    .param(device)
                    .query(Integer.class)
                    .single();
            if (most != null && there >= most) {
                return false;
            }
            jdbc.sql("insert into MODELBATCH_WORKER (ID, HOST, PROCESS_ID, DEVICE, SPOT, VERSION, SINCE, LAST_SEEN)"
                            + " values (?, ?, ?, ?, ?, ?, current_timestamp, current_timestamp)")
                    .params(name, process.host(), process.processId(), device, options.spot() ? "Y" : "N")
                    .param(ProgramVersion.text())
                    .update();
            return true;
        }));
        return entered ? Optional.of(new Entry(name)) : Optional.empty();
    }

    /** The entry of a worker. */
    final class Entry implements AutoCloseable {
        private final String name;
        private final Stopwatch sinceRenewal = Stopwatch.createStarted();

        private Entry(String name) {
            this.name = name;
        }

        /** Says that the worker is there, once in a while. */
        void renew() {
            if (sinceRenewal.elapsed().compareTo(RENEWAL) > 0) {
                sinceRenewal.reset().start();
                jdbc.sql("update MODELBATCH_WORKER set LAST_SEEN = current_timestamp where ID = ?")
                        .param(name)
                        .update();
            }
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
