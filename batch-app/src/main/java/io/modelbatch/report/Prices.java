package io.modelbatch.report;

import io.modelbatch.base.SettingsException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The prices that reports compute costs with. None is known unless it is configured, because they differ by region, machine and contract.
 *
 * @param queryTib of a TiB (2 to the power of 40 bytes) that a query is billed for; null where none is configured
 * @param deviceHour of an hour in which a step has a model in use; null where none is configured
 * @param currency of both; null where none is configured
 */
public record Prices(
        @Nullable Double queryTib,
        @Nullable Double deviceHour,
        @Nullable String currency) {
    /** No prices. */
    public static final Prices NONE = new Prices(null, null, null);

    private static final String PREFIX = "modelbatch.price.";
    private static final double TIB = 1L << 40;

    /**
     * The properties {@code modelbatch.price.query-tib}, {@code modelbatch.price.device-hour} and {@code modelbatch.price.currency}.
     *
     * @param properties the value of a property; null where it is not set
     * @throws SettingsException when a price is not a number
     */
    public static Prices of(Function<String, @Nullable String> properties) {
        return new Prices(
                price(PREFIX + "query-tib", properties),
                price(PREFIX + "device-hour", properties),
                properties.apply(PREFIX + "currency"));
    }

    private static @Nullable Double price(String name, Function<String, @Nullable String> properties) {
        String text = properties.apply(name);
        if (text == null) {
            return null;
        }
        try {
            double price = Double.parseDouble(text);
            if (price >= 0 && price < Double.POSITIVE_INFINITY) {
                return price;
            }
        } catch (NumberFormatException e) {
            // says the same as a negative number
        }
        throw new SettingsException(name + " is '" + text + "', which is not a price; write a number such as 6.25");
    }

    /**
     * The cost of a run; empty where it used neither.
     *
     * @param bytesBilled of its queries; null where nothing is billed
     * @param deviceHours in which its steps had a model in use
     */
    public Optional<Cost> cost(@Nullable Long bytesBilled, double deviceHours, @Nullable String device) {
        if (bytesBilled == null && deviceHours == 0) {
            return Optional.empty();
        }
        Double queries = bytesBilled == null ? Double.valueOf(0) : times(queryTib, bytesBilled / TIB);
        Double devices = deviceHours == 0 ? Double.valueOf(0) : times(deviceHour, deviceHours);
        return Optional.of(new Cost(
                bytesBilled,
                deviceHours,
                device,
                queryTib,
                deviceHour,
                queries == null || devices == null ? null : queries + devices,
                currency));
    }

    private static @Nullable Double times(@Nullable Double price, double amount) {
        return price == null ? null : Double.valueOf(price * amount);
    }
}
