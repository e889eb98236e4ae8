package io.modelbatch.step.infer;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.rows.PartitionOpening;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.warehouse.Warehouse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what {@code infer} steps share with each other, and with the steps that load their results. */
@Configuration(proxyBeanMethods = false)
public class InferConfiguration {
    @Bean
    StepPreviews stepPreviews(Warehouse warehouse, ModelRepository models, StepTypes types) {
        return new StepPreviews(warehouse, models, types);
    }

    @Bean
    InferenceEngines inferenceEngines() {
        return InferenceEngines.pyTorch();
    }

    @Bean
    InferServices inferServices(RowServices rows, ModelRepository models, InferenceEngines engines) {
        return new InferServices(rows, new OpenModels(models, engines));
    }

    @Bean
    CommittedAnswers committedAnswers(InferServices services) {
        return new CommittedAnswers(services.kit().outputs());
    }

    @Bean
    PartitionOpening inferencePartitions(InferServices services) {
        return new PartitionOpening(PinnedInference.class, execution -> InferencePartitions.open(services, execution));
    }
}
