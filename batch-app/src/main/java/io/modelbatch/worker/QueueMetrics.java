package io.modelbatch.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelbatch.telemetry.Measure;
import io.modelbatch.telemetry.Telemetry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Metrics of the queue that the manager of a run shows. It asks the job repository now and then, and never where nobody wants to know. */
final class QueueMetrics {
    private static final Duration BETWEEN = Duration.ofSeconds(15);

    private final JdbcClient jdbc;
    private final PartitionQueue queue;
    private final MeterRegistry meters;
    private final Telemetry telemetry;
    private final Map<Tags, AtomicLong> workers = new ConcurrentHashMap<>();

    QueueMetrics(JdbcClient jdbc, PartitionQueue queue, MeterRegistry meters, Telemetry telemetry) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.meters = meters;
        this.telemetry = telemetry;
    }

    /** Those of a dispatch. */
    OfDispatch of(Dispatch dispatch) {
        return new OfDispatch(dispatch);
    }

    /** Metrics of one dispatch, and of the queue in which it is. */
    final class OfDispatch {
        private final Dispatch dispatch;
        private final String device;
        private final AtomicLong waiting = new AtomicLong();
        private final AtomicLong executing = new AtomicLong();
        private final AtomicLong oldest = new AtomicLong();
        /** Workers that the run has lost; -1 before the first look, as an earlier step may have lost some. */
        private int lost = -1;

        private long lookedAt;

        private OfDispatch(Dispatch dispatch) {
            this.dispatch = dispatch;
            this.device = dispatch.demand().device().name().toLowerCase(Locale.ROOT);
            Tags labels = Measure.ofJob(dispatch.job()).and(Measure.ofDevice(device));
            Measure.QUEUE_WAITING.gauge(meters, labels, () -> waiting);
            Measure.QUEUE_EXECUTING.gauge(meters, labels, () -> executing);
            Measure.QUEUE_OLDEST.gauge(meters, labels, () -> oldest);
            countLost(0);
        }

        /** Asks the job repository, unless it did a moment ago. */
        void refresh() {
            long now = System.nanoTime();
            if (telemetry.isOn() && (lookedAt == 0 || now - lookedAt > BETWEEN.toNanos())) {
                lookedAt = now;
                ask();
            }
        }

        /** The last figures. */
        void ended() {
            if (telemetry.isOn()) {
                ask();
            }
        }

        private void ask() {
            jdbc.sql("select coalesce(sum(WAITING), 0), coalesce(sum(EXECUTING), 0), coalesce(max(OLDEST_SECONDS), 0)"
                            + " from MODELBATCH_QUEUE where JOB_NAME = ? and DEVICE = ?")
                    .params(dispatch.job(), device)
                    .query(row -> {
                        waiting.set(row.getLong(1));
                        executing.set(row.getLong(2));
                        oldest.set(row.getLong(3));
                    });
            askForWorkers();
            int now = queue.lostWorkers(dispatch);
            countLost(lost < 0 ? 0 : now - lost);
            lost = now;
        }

        private void countLost(int more) {
            Measure.WORKERS_LOST
                    .counter(meters, Measure.ofStep(dispatch.job(), dispatch.step()))
                    .increment(more);
        }
    }

    private void askForWorkers() {
        workers.values().forEach(count -> count.set(0));
        jdbc.sql("select DEVICE, count(*) from MODELBATCH_WORKER where LAST_SEEN > current_timestamp - interval '"
                        + WorkerRegister.GONE.toSeconds() + "' second group by DEVICE")
                .query(row -> {
                    workers.computeIfAbsent(Measure.ofDevice(row.getString(1)), this::registered)
                            .set(row.getLong(2));
                });
    }

    private AtomicLong registered(Tags device) {
        AtomicLong count = new AtomicLong();
        Measure.WORKERS.gauge(meters, device, () -> count);
        return count;
    }
}
