package io.modelbatch.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelbatch.base.Interval;
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
    private final WorkerRegister register;
    private final MeterRegistry meters;
    private final Telemetry telemetry;
    private final Map<Tags, AtomicLong> workers = new ConcurrentHashMap<>();

    QueueMetrics(JdbcClient jdbc, WorkerRegister register, MeterRegistry meters, Telemetry telemetry) {
        this.jdbc = jdbc;
        this.register = register;
        this.meters = meters;
        this.telemetry = telemetry;
    }

    /** Those of a dispatch, and of the queue in which it is. */
    DispatchWatch of(Dispatch dispatch) {
        return new OfDispatch(dispatch);
    }

    /** Counts the workers that a dispatch lost. */
    Counter lostWorkers(Dispatch dispatch) {
        return Measure.WORKERS_LOST.counter(meters, Measure.ofStep(dispatch.job(), dispatch.step()));
    }

    private final class OfDispatch implements DispatchWatch {
        private final String job;
        private final String device;
        private final AtomicLong waiting = new AtomicLong();
        private final AtomicLong executing = new AtomicLong();
        private final AtomicLong oldest = new AtomicLong();
        private final Interval looks = new Interval(BETWEEN);

        OfDispatch(Dispatch dispatch) {
            this.job = dispatch.job();
            this.device = dispatch.demand().device().name().toLowerCase(Locale.ROOT);
            Tags labels = Measure.ofJob(job).and(Measure.ofDevice(device));
            Measure.QUEUE_WAITING.gauge(meters, labels, () -> waiting);
            Measure.QUEUE_EXECUTING.gauge(meters, labels, () -> executing);
            Measure.QUEUE_OLDEST.gauge(meters, labels, () -> oldest);
        }

        @Override
        public void look(PartitionQueue.Load load) {
            if (telemetry.isOn() && (load.open() == 0 || looks.isDue())) {
                askForQueue();
                askForWorkers();
            }
        }

        private void askForQueue() {
            jdbc.sql("select coalesce(sum(WAITING), 0), coalesce(sum(EXECUTING), 0), coalesce(max(OLDEST_SECONDS), 0)"
                            + " from MODELBATCH_QUEUE where JOB_NAME = ? and DEVICE = ?")
                    .params(job, device)
                    .query(row -> {
                        waiting.set(row.getLong(1));
                        executing.set(row.getLong(2));
                        oldest.set(row.getLong(3));
                    });
        }
    }

    private void askForWorkers() {
        Map<String, Long> there = register.byDevice();
        workers.values().forEach(count -> count.set(0));
        there.forEach((device, number) -> workers.computeIfAbsent(Measure.ofDevice(device), this::registered)
                .set(number));
    }

    private AtomicLong registered(Tags device) {
        AtomicLong count = new AtomicLong();
        Measure.WORKERS.gauge(meters, device, () -> count);
        return count;
    }
}
