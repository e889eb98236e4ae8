package com.example.shop;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepBuilders;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.Target;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.core.io.FileSystemResource;

/** Makes the steps of {@link ImportPricesStepType}. */
final class ImportPrices implements StepFactory<ImportPricesStepType.Options> {
    private final StepBuilders builders;
    private final ObjectStore store;

    ImportPrices(StepServices services) {
        builders = services.get(StepBuilders.class);
        store = services.get(ObjectStore.class);
    }

    @Override
    public Step create(JobStep<ImportPricesStepType.Options> step) {
        ImportPricesStepType.Options options = step.options();
        ImportedLines lines = new ImportedLines(builders, options.badLines());
        return builders.<Price, Price>chunks(step.name(), options.lines())
                .reader(reader(Path.of(options.file())))
                .processor(Price::cleaned)
                .writer(new PriceObjects(store, ObjectUri.parse(options.to())))
                .faultTolerant()
                .skipPolicy(lines)
                .listener(lines)
                .stream(lines)
                .build();
    }

    /** Spring Batch keeps its position in the step's execution context, and continues there. */
    private static FlatFileItemReader<Price> reader(Path file) {
        return new FlatFileItemReaderBuilder<Price>()
                .name("prices")
                .resource(new FileSystemResource(file))
                .linesToSkip(1)
                .lineMapper(Price::parse)
                .build();
    }

    /** Found out by {@code check}, before a run. */
    @Override
    public List<Check> checks(JobStep<ImportPricesStepType.Options> step) {
        return List.of(Check.of(step, "price list", () -> size(Path.of(step.options().file()))));
    }

    private static String size(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + " is missing. The supplier delivers it every night");
        }
        return file + ", " + Files.size(file) + " bytes";
    }

    /** No other run writes there at the same time. */
    @Override
    public List<Target> targets(ImportPricesStepType.Options options) {
        return List.of(Target.result(ObjectUri.parse(options.to())));
    }
}
