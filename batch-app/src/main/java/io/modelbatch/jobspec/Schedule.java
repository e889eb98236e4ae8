package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When a job is started by itself.
 *
 * @param cron minute, hour, day of month, month, day of week
 * @param zone in which {@code cron} is meant, and in which a date parameter's today is
 */
public record Schedule(
        @JsonProperty(required = true)
        @JsonPropertyDescription("minute, hour, day of month, month and day of week, as in \"15 3 * * *\"")
        @Pattern(regexp = Cron.EXPRESSION, message = Cron.MESSAGE)
        String cron,

        @JsonProperty(defaultValue = "UTC") @JsonPropertyDescription("time zone of the schedule, such as Asia/Tokyo")
        ZoneId zone) {
    /** The latest time of a day, in its zone, at which the job is started. */
    public LocalTime latestStart() {
        return Cron.latest(cron);
    }
}
