package io.modelbatch.warehouse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of the step that pins a query's result.
 *
 * @param query SELECT with {@code @name} for parameters
 * @param key the column that names a row
 * @param partitions number of partitions
 * @param maxBytes a query that would bill more bytes is refused; null for the environment's own limit
 */
public record ExtractOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("SELECT whose rows are the input; @name stands for a parameter of the job")
        @NotBlank
        String query,

        @JsonProperty(required = true) @JsonPropertyDescription("column that names a row: unique, never null") @NotBlank
        String key,

        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription("number of partitions that the rows are divided into, by a hash of the key")
        @Min(1)
        @Max(1000)
        int partitions,

        @JsonPropertyDescription("a query that would bill more bytes is refused; costs nothing locally")
        @Min(1)
        @Nullable
        Long maxBytes) {
    /**
     * The names of the parameters that the query uses, each as often as it does.
     *
     * @throws WarehouseException when it is not one SELECT
     */
    public List<String> queryParameters() {
        return QueryText.of(query).parameters();
    }
}
