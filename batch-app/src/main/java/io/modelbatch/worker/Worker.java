package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import com.google.common.collect.Sets;
import io.modelbatch.base.Interval;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.rows.PartitionSteps;
import io.modelbatch.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import sun.misc.Signal;

/** A process that executes partitions of any run whose needs it meets, until it is told to stop or has had nothing to do for a while. */
public final class Worker {
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A machine that is taken away leaves fifteen seconds or more. */
    private static final Duration STOPPING = Duration.ofSeconds(7);

    /** Also when the database does not answer. */
    private static final Duration AT_MOST = Duration.ofSeconds(9);

    private static final int SIGNALLED = 128;
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    private final Workers workers;
    private final WorkerRegister register;
    private final Telemetry telemetry;
    private final ModelRepository models;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();

    Worker(Workers workers, WorkerRegister register, ModelRepository models, Telemetry telemetry) {
        this.workers = workers;
        this.models = models;
        this.register = register;
        this.telemetry = telemetry;
    }

    /**
     * Returns when it ended.
     *
     * @param listener told what it does, by several threads at once
     */
    public ExitCode run(WorkerOptions options, Consumer<WorkerEvent> listener) throws InterruptedException {
        RunOwner self = RunOwner.thisProcess();
        String name = Workers.name(self, self.id().substring(0, 8));
        WorkerDevice device = workers.device();
        Optional<WorkerRegister.Entry> entered = register.enter(name, self, device.kind(), options);
        if (entered.isEmpty()) {
            listener.accept(new WorkerEvent.NotNeeded(Objects.requireNonNull(options.mostWorkers()), device.kind()));
            return ExitCode.COMPLETED;
        }
        int threads = Optional.ofNullable(options.partitions()).orElse(PartitionSteps.atATime(device.number()));
        try (WorkerRegister.Entry entry = entered.get()) {
            RunLog.ofWorker(name);
            telemetry.start().forEach(warning -> listener.accept(new WorkerEvent.Warning(warning)));
            Workers.Taking taking =
                    workers.create(name, threads, partitions -> eligible(device, options, partitions), listener);
            List.of("TERM", "INT", "HUP").forEach(signal -> Signal.handle(new Signal(signal), this::received));
            taking.scheduler().start();
            listener.accept(new WorkerEvent.Ready(name, device.kind(), threads));
            ExitCode ended = untilIdleOrStopped(taking, options, entry, listener);
            taking.scheduler().pause();
            giveBack(name, taking.atWork());
            taking.scheduler().stop();
            return ended;
        }
    }

    private Eligibility eligible(WorkerDevice device, WorkerOptions options, WorkerPartitions partitions) {
        return new Eligibility(
                device.demands(),
                device.memory(),
                options.spot(),
                null,
                partitions.refused(),
                partitions.models(),
                cached());
    }

    private Set<String> cached() {
        try {
            return models.cached();
        } catch (IOException e) {
            log.warn("The cache of models cannot be read", e);
            return Set.of();
        }
    }

    private void received(Signal signal) {
        if (signalled.getAndSet(true)) {
            Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
        }
        CompletableFuture.delayedExecutor(AT_MOST.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> Runtime.getRuntime().halt(ExitCode.STOPPED.code()));
        stop.countDown();
    }

    private ExitCode untilIdleOrStopped(
            Workers.Taking taking, WorkerOptions options, WorkerRegister.Entry entry, Consumer<WorkerEvent> listener)
            throws InterruptedException {
        PartitionsAtWork atWork = taking.atWork();
        Interval signs = new Interval(WorkerRegister.BETWEEN_SIGNS);
        OtherVersions others = new OtherVersions(workers.queue(), listener);
        while (!stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (options.idle() != null && atWork.idle().compareTo(options.idle()) >= 0) {
                listener.accept(new WorkerEvent.Idle(options.idle().toSeconds()));
                return ExitCode.COMPLETED;
            }
            if (atWork.number() == 0) {
                taking.scheduler().triggerCheckForDueExecutions();
            }
            if (signs.isDue()) {
                giveSignOfLife(taking, entry, others, listener);
            }
        }
        listener.accept(new WorkerEvent.Stopping());
        return ExitCode.STOPPED;
    }

    /** And stops what is to stop. A manager waits some seconds for that, and then takes the partitions back. */
    private static void giveSignOfLife(
            Workers.Taking taking, WorkerRegister.Entry entry, OtherVersions others, Consumer<WorkerEvent> listener) {
        try {
            Set<PartitionTask> executing = taking.executing();
            Set<Long> dispatches =
                    executing.stream().map(PartitionTask::dispatch).collect(Collectors.toSet());
            taking.atWork().stop(Sets.difference(dispatches, entry.signOfLife(executing)));
            if (executing.isEmpty()) {
                others.look();
            }
        } catch (DataAccessException e) {
            log.warn("The job repository does not answer", e);
            listener.accept(new WorkerEvent.Waiting("The job repository does not answer: " + e.getMessage()));
        }
    }

    /** Gives the partitions back. One that cannot be given up in time, such as while its model is loaded, commits nothing more. */
    private void giveBack(String name, PartitionsAtWork atWork) throws InterruptedException {
        Stopwatch since = Stopwatch.createStarted();
        atWork.stop();
        while (atWork.number() > 0 && since.elapsed().compareTo(STOPPING) < 0) {
            Thread.sleep(50);
        }
        try {
            workers.queue().putBackAll(name);
        } catch (DataAccessException e) {
            log.warn("The partitions could not be given back; others take them when this worker is missed", e);
        }
        if (atWork.number() > 0) {
            Runtime.getRuntime().halt(ExitCode.STOPPED.code());
        }
    }
}
