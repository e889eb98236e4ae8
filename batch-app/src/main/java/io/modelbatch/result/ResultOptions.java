package io.modelbatch.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Options of every step that makes a result of rows.
 *
 * @param to folder of the result, {@code gs://…}
 * @param format of the shards
 * @param rejects how many rows may be set aside before the step fails; null for the default
 * @param block rows of a block; null to size it by the rate
 */
public record ResultOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("folder of the result, gs://bucket/folder")
        @Pattern(
                regexp = ObjectUri.PATTERN,
                message = "must be gs://bucket/folder, with names that Cloud Storage allows")
        String to,

        @JsonProperty(defaultValue = "parquet") @JsonPropertyDescription("format of the result's files")
        Format format,

        @JsonPropertyDescription(
                "how many rows may be set aside before the step fails; without it, 1 % of them, rounded up")
        @Nullable
        Rejects rejects,

        @JsonPropertyDescription("how many rows are processed as a unit; without it, sized by the rate") @Nullable
        BlockOptions block) {
    /** A result's file format. */
    public enum Format {
        PARQUET,
        JSONL;

        /** As manifests name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** A new writer of such files. */
        public ShardWriter writer() {
            return switch (this) {
                case PARQUET -> ShardWriter.parquet();
                case JSONL -> ShardWriter.jsonl();
            };
        }
    }

    /** The folder of the result. */
    public ObjectUri folder() {
        return ObjectUri.parse(to);
    }

    /** The most rows that may be set aside, of as many rows as the step has. */
    public long mostRejects(long rows) {
        return (rejects == null ? new Rejects(null, null) : rejects).most(rows);
    }

    /**
     * The limit of rows that may be set aside. The default is 1 % of the rows, rounded up. A few bad rows stay far below it, so they do not
     * stop a run. A mistake in the job, such as the wrong column, exceeds it.
     *
     * @param max the most rows; null for no such limit
     * @param share the largest share of the rows, rounded up to a whole row; null for no such limit
     */
    public record Rejects(
            @JsonPropertyDescription("most rows that may be set aside") @Min(0) @Nullable
            Integer max,

            @JsonPropertyDescription("largest share of the rows that may be set aside, rounded up to a whole row")
            @DecimalMin("0")
            @DecimalMax("1")
            @Nullable
            BigDecimal share) {
        private static final BigDecimal DEFAULT_SHARE = new BigDecimal("0.01");

        long most(long rows) {
            if (max != null && share != null) {
                return Math.min(max, most(share, rows));
            }
            return max != null ? max : most(share == null ? DEFAULT_SHARE : share, rows);
        }

        private static long most(BigDecimal share, long rows) {
            return share.multiply(BigDecimal.valueOf(rows))
                    .setScale(0, RoundingMode.CEILING)
                    .longValueExact();
        }
    }

    /**
     * A block of a fixed size.
     *
     * @param rows rows of every block but the last
     */
    public record BlockOptions(
            @JsonProperty(required = true) @JsonPropertyDescription("rows of a block") @Min(1) @Max(65536)
            int rows) {}
}
