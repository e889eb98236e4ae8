package io.modelbatch.step.transform;

import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.TransformFactories;
import io.modelbatch.extension.TransformType;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.step.rows.PartitionOpening;
import io.modelbatch.step.rows.RowServices;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what transforms share. */
@Configuration(proxyBeanMethods = false)
public class TransformConfiguration {
    @Bean
    TransformFactories transformFactories(RowServices services, PartitionHandlers handlers) {
        return new TransformFactories() {
            @Override
            public <O extends Record> StepFactory<O> of(TransformType<O> type) {
                return new TransformSteps<>(services, handlers, type);
            }
        };
    }

    @Bean
    PartitionOpening transformPartitions(RowServices services) {
        return new PartitionOpening(PinnedTransform.class, execution -> TransformPartitions.open(services, execution));
    }
}
