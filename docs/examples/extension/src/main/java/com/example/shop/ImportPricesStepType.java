package com.example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;

/** {@code import-prices}: a step of Spring Batch with its own reader, processor and writer. */
public final class ImportPricesStepType implements StepType<ImportPricesStepType.Options> {
    public record Options(
            @JsonProperty(required = true)
            @JsonPropertyDescription("the price list: product;amount;currency, below a line of titles")
            @NotBlank
            String file,

            @JsonProperty(required = true)
            @JsonPropertyDescription("folder of the objects")
            @Pattern(regexp = "gs://[a-z0-9][a-z0-9._-]*/\\S+", message = "must be gs://BUCKET/FOLDER")
            String to,

            @JsonProperty(defaultValue = "1000")
            @JsonPropertyDescription("lines of an object, and of a transaction")
            @Min(1)
            @Max(100_000)
            int lines,

            @JsonProperty(value = "bad-lines", defaultValue = "0")
            @JsonPropertyDescription("lines that may be left out because they cannot be read; one more fails the step")
            @Min(0)
            int badLines) {}

    @Override
    public String key() {
        return "import-prices";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "the lines of a price list, as JSON in a bucket";
    }

    @Override
    public List<String> writes(Options options) {
        return List.of(options.to());
    }

    @Override
    public StepFactory<Options> factory(StepServices services) {
        return new ImportPrices(services);
    }
}
