package io.modelbatch.source;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;

/**
 * Options of the step that puts finished shards into a table.
 *
 * @param table {@code dataset.table}
 * @param mode replace the table's content, or add to it
 */
public record LoadOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("table that receives the rows, as dataset.table")
        @Pattern(regexp = "[A-Za-z0-9_]+\\.[A-Za-z0-9_-]+", message = "must be dataset.table")
        String table,

        @JsonProperty(defaultValue = "replace") @JsonPropertyDescription("replace the table's content, or append to it")
        TableLoad.Mode mode) {}
