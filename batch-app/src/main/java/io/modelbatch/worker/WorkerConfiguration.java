package io.modelbatch.worker;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.run.ActiveRuns;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.step.rows.ExecutePartition;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.telemetry.Telemetry;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires workers. */
@Configuration(proxyBeanMethods = false)
public class WorkerConfiguration {
    @Bean
    DatabaseClock databaseClock(JdbcClient jdbc) {
        return DatabaseClock.of(jdbc);
    }

    @Bean
    PartitionHistory partitionHistory(JdbcClient jdbc) {
        return new PartitionHistory(jdbc);
    }

    @Bean
    PartitionQueue partitionQueue(
            DataSource repository,
            PlatformTransactionManager transactions,
            Claims claims,
            PartitionHistory history,
            DatabaseClock clock) {
        return new PartitionQueue(repository, transactions, claims, history, clock);
    }

    @Bean
    WorkerRegister workerRegister(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new WorkerRegister(jdbc, transactions);
    }

    @Bean
    Workers workers(
            DataSource database,
            PartitionQueue queue,
            PartitionHistory history,
            ExecutePartition execute,
            JobRepository repository,
            ActiveRuns runs,
            DatabaseClock clock,
            InferenceEngines engines) {
        return new Workers(
                new PartitionSchedulers(database, clock), queue, history, execute, repository, runs, engines);
    }

    /** The workers that a manager brings. */
    @Bean
    @Conditional(WorkersAsked.class)
    QueuedPartitions.OwnWorker ownWorker(
            Workers workers, Environment properties, JdbcClient jdbc, ObjectProvider<WorkerSource> source) {
        QueuedPartitions.OwnWorker own = mode(properties) == WorkerMode.BOTH ? workers::startFor : dispatch -> () -> {};
        WorkerSource others = source.getIfAvailable();
        return others == null
                ? own
                : own.and(new CallForWorkers(id -> WaitingPartitions.of(id, jdbc), others, Ticker.systemTicker()));
    }

    /** In place of threads of the manager's process. */
    @Bean
    @Primary
    @Conditional(WorkersAsked.class)
    PartitionHandlers queuedPartitions(
            PartitionQueue queue,
            JobRepository repository,
            ActiveRuns runs,
            Environment properties,
            DispatchWatches watches,
            QueuedPartitions.OwnWorker own) {
        PartitionQueue.Options options = new PartitionQueue.Options(
                properties.getProperty("modelbatch.priority", Integer.class, 0),
                properties.getProperty("modelbatch.max-partitions", Integer.class, Integer.MAX_VALUE));
        return new QueuedHandlers(own, queue, repository, runs, options, mode(properties), watches);
    }

    @Bean
    DispatchWatches dispatchWatches(
            PartitionQueue queue,
            PartitionHistory history,
            WorkerRegister register,
            JdbcClient jdbc,
            MeterRegistry meters,
            Telemetry telemetry) {
        return new DispatchWatches(queue, history, register, new QueueMetrics(jdbc, register, meters, telemetry));
    }

    private static WorkerMode mode(Environment properties) {
        return WorkerMode.valueOf(properties
                .getProperty(WorkerMode.PROPERTY, WorkerMode.LOCAL.toString())
                .toUpperCase(Locale.ROOT));
    }

    /** Matches when other processes may execute partitions. */
    static final class WorkersAsked implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return mode(context.getEnvironment()) != WorkerMode.LOCAL;
        }
    }

    @Bean
    Worker worker(Workers workers, WorkerRegister register, ModelRepository models, Telemetry telemetry) {
        return new Worker(workers, register, models, telemetry);
    }
}
