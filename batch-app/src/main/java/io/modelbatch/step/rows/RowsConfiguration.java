package io.modelbatch.step.rows;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what steps with results of rows share. */
@Configuration(proxyBeanMethods = false)
public class RowsConfiguration {
    @Bean
    ShardLedger shardLedger(JdbcClient jdbc) {
        return new ShardLedger(jdbc);
    }

    @Bean
    CommittedPace committedPace(JdbcClient jdbc) {
        return new CommittedPace(jdbc);
    }

    @Bean
    RejectSamples rejectSamples(JdbcClient jdbc, ObjectStore store) {
        return new RejectSamples(jdbc, store);
    }

    @Bean
    RowMetrics rowMetrics(MeterRegistry meters) {
        return new RowMetrics(meters);
    }

    @Bean
    RowServices rowServices(
            StepKit kit,
            Warehouse warehouse,
            ObjectStore store,
            ShardLedger ledger,
            StepTypes types,
            RowMetrics metrics) {
        return new RowServices(kit, warehouse, store, ledger, types, metrics);
    }

    @Bean
    ExecutePartition executePartition(StepKit kit, List<PartitionOpening> openings) {
        return new ExecutePartition(kit, openings);
    }

    @Bean
    PartitionHandlers partitionHandlers() {
        return (steps, partitions, demand) -> new LocalPartitionHandler(steps, partitions);
    }
}
