package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The use that a run made of machines and queries, and its cost by the prices that are configured. There are no prices by default.
 *
 * @param bytesBilled bytes that its queries may be billed for; null where nothing is billed
 * @param deviceHours hours that its steps had a model in use, all executions together
 * @param device the hardware that computed; null where no step says it
 * @param queryPrice price of a TiB of {@code bytesBilled}; null where none is configured
 * @param deviceHourPrice price of a device hour; null where none is configured
 * @param total the sum; null where a price is missing
 * @param currency of the prices; null where none is configured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cost(
        @Nullable Long bytesBilled,
        double deviceHours,
        @Nullable String device,
        @Nullable Double queryPrice,
        @Nullable Double deviceHourPrice,
        @Nullable Double total,
        @Nullable String currency) {}
