package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What the reports of a job's runs say.
 *
 * @param samples whether texts of rows stand in them
 */
public record ReportOptions(
        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("whether a report has some rejected rows, and the texts of mistakes")
        boolean samples) {
    /** Those of a job file that does not say. */
    public static final ReportOptions DEFAULT = new ReportOptions(true);
}
