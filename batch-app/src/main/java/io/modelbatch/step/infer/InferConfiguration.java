package io.modelbatch.step.infer;

import io.modelbatch.model.ModelRepository;
import io.modelbatch.warehouse.Warehouse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what {@code infer} steps share with each other, and with the steps that load their results. */
@Configuration(proxyBeanMethods = false)
public class InferConfiguration {
    @Bean
    StepPreviews stepPreviews(Warehouse warehouse, ModelRepository models) {
        return new StepPreviews(warehouse, models);
    }

    @Bean
    ShardLedger shardLedger(JdbcClient jdbc) {
        return new ShardLedger(jdbc);
    }
}
