package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A job file's outermost keys.
 *
 * @param notifications the key cannot be the name of a component, because each object has a method {@code notify}
 * @param parameters read by {@link Parameters}
 * @param steps read by {@link Steps}
 */
record JobDocument(
        @JsonPropertyDescription("what the job does, in a line") @Nullable
        String description,

        @JsonPropertyDescription("when a scheduler starts the job") @Nullable
        Schedule schedule,

        @JsonPropertyDescription("the machine that the job needs") @Nullable
        Resources resources,

        @JsonProperty("notify") @JsonPropertyDescription("webhooks and programs that are told how a run ended")
        List<Notification> notifications,

        @JsonPropertyDescription("what the reports of runs say") @Nullable
        ReportOptions report,

        @JsonPropertyDescription("values that a run is given: @name in a query, ${name} in other texts of the steps")
        @Nullable
        Node parameters,

        @JsonProperty(required = true) @JsonPropertyDescription("what the job does, one step after the other")
        Node steps) {}
