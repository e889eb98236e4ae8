package io.modelbatch.step.infer;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what {@code infer} steps share with each other, and with the steps that load their results. */
@Configuration(proxyBeanMethods = false)
public class InferConfiguration {
    @Bean
    StepPreviews stepPreviews(Warehouse warehouse, ModelRepository models, StepTypes types) {
        return new StepPreviews(warehouse, models, types);
    }

    @Bean
    ShardLedger shardLedger(JdbcClient jdbc) {
        return new ShardLedger(jdbc);
    }

    @Bean
    InferServices inferServices(
            StepKit kit, Warehouse warehouse, ObjectStore store, ShardLedger ledger, ModelRepository models) {
        return new InferServices(kit, warehouse, store, ledger, new OpenModels(models));
    }

    @Bean
    PartitionHandlers partitionHandlers() {
        return LocalPartitionHandler::new;
    }

    @Bean
    ExecutePartition executePartition(InferServices services) {
        return new ExecutePartition(services);
    }
}
