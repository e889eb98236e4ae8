package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The content of the reports of a job's runs.
 *
 * @param samples true for texts of rows in them
 */
public record ReportOptions(
        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("whether a report has some rejected rows, and the texts of mistakes")
        boolean samples) {
    /** Those of a job file that does not say. */
    public static final ReportOptions DEFAULT = new ReportOptions(true);
}
