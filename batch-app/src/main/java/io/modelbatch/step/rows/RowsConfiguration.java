package io.modelbatch.step.rows;

import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;
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
    RowServices rowServices(StepKit kit, Warehouse warehouse, ObjectStore store, ShardLedger ledger) {
        return new RowServices(kit, warehouse, store, ledger);
    }

    @Bean
    PartitionHandlers partitionHandlers() {
        return LocalPartitionHandler::new;
    }
}
