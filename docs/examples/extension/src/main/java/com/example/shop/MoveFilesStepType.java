package com.example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.extension.StepBuilders;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;

/** {@code move-files}: a tasklet of Spring Batch as a step of job files. */
public final class MoveFilesStepType implements StepType<MoveFilesStepType.Options> {
    public record Options(
            @JsonProperty(required = true) @JsonPropertyDescription("folder of the files") @NotBlank String from,
            @JsonProperty(required = true) @JsonPropertyDescription("folder that they are moved to") @NotBlank String to) {}

    @Override
    public String key() {
        return "move-files";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "the files of a folder, moved to another one";
    }

    @Override
    public StepFactory<Options> factory(StepServices services) {
        StepBuilders builders = services.get(StepBuilders.class);
        return step -> builders.tasklet(
                step.name(),
                new MoveFiles(Path.of(step.options().from()), Path.of(step.options().to())));
    }
}
