package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A process that ran a run.
 *
 * @param host the machine's name
 * @param processId its process id there
 * @param command the command that starts or resumes the run
 * @param version of this program; null where it is not packaged
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportedProcess(
        String host,
        long processId,
        String command,
        @Nullable String version) {}
