package io.modelbatch.warehouse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Options of the step that puts finished shards into a table.
 *
 * @param table {@code dataset.table}
 * @param mode replace the table's content, or add to it
 * @param partition the day of a table that is partitioned by date, for the rows to go there only; null for the whole table
 */
public record LoadOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("table that receives the rows, as dataset.table")
        @Pattern(regexp = "[A-Za-z0-9_]+\\.[A-Za-z0-9_-]+", message = "must be dataset.table")
        String table,

        @JsonProperty(defaultValue = "replace") @JsonPropertyDescription("replace the content, or append to it")
        TableLoad.Mode mode,

        @JsonPropertyDescription("day of a table that is partitioned by date; only its rows are replaced or added to")
        @Pattern(regexp = "\\d{4}-\\d{2}-\\d{2}", message = "must be a day, such as 2026-03-31")
        @Nullable
        String partition) {
    /**
     * The table or partition that receives the rows.
     *
     * @throws WarehouseException when the partition is not a day of the calendar
     */
    public TableLoad.Target target() {
        try {
            return new TableLoad.Target(table, partition == null ? null : LocalDate.parse(partition), mode);
        } catch (DateTimeException e) {
            throw new WarehouseException("The partition " + partition + " is not a day of the calendar", e);
        }
    }
}
