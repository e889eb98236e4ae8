package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a job wants where it can choose one.
 *
 * @param cpu cores; null to leave it to the cluster
 * @param memory as Kubernetes writes it; null to leave it to the cluster
 * @param gpu null for none
 * @param spot null where the machine may not be taken away
 */
public record Resources(
        @JsonPropertyDescription("cores, such as 4 or 0.5") @DecimalMin("0.1") @Nullable
        BigDecimal cpu,

        @JsonPropertyDescription("memory, such as 16Gi")
        @Pattern(regexp = "[1-9][0-9]*(Mi|Gi|Ti)", message = "must be a whole number of Mi, Gi or Ti, such as 16Gi")
        @Nullable
        String memory,

        @JsonPropertyDescription("accelerator of each process") @Nullable
        Gpu gpu,

        @JsonPropertyDescription("whether the job may run on a Spot machine, which is cheaper and may be taken away")
        @Nullable
        Spot spot) {
    /**
     * An accelerator.
     *
     * @param type as Google Cloud names it
     * @param count their number for each process
     */
    public record Gpu(
            @JsonProperty(required = true)
            @JsonPropertyDescription("accelerator as Google Cloud names it, such as nvidia-l4")
            @Pattern(regexp = "[a-z0-9]+(-[a-z0-9]+)*", message = "must be an accelerator's name, such as nvidia-l4")
            String type,

            @JsonProperty(defaultValue = "1") @JsonPropertyDescription("accelerators of each process") @Min(1) @Max(16)
            int count) {}

    /**
     * A machine that is cheaper and may be taken away.
     *
     * @param fallbackAfter how many workers a run may lose before it asks for machines that stay; null for any number
     */
    @OrBoolean
    public record Spot(
            @JsonProperty(required = true)
            @JsonPropertyDescription(
                    "lost workers of a run after which its rest asks for machines that are not taken away")
            @Min(1)
            @Max(1000)
            @Nullable
            Integer fallbackAfter) {}
}
