package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A notebook that was executed.
 *
 * @param program the program that executed it
 * @param cells its cells with code
 * @param completed those that were executed to their end
 * @param cell the cell that failed, or in which it was ended; null where all were executed
 * @param notebook the object with the executed notebook; null when it could not be kept
 * @param html the object that shows it; null when it was not rendered
 */
public record NotebookExecuted(
        Executed program,
        int cells,
        int completed,
        @Nullable FailedCell cell,
        @Nullable String notebook,
        @Nullable String html)
        implements Facts {
    @Override
    public Map<String, Object> results() {
        return program.results();
    }

    /**
     * A cell that failed or did not end.
     *
     * @param number its position in its author's notebook, from 1; 0 for the cell that the job's parameters make
     * @param executionCount the number in {@code In [ ]}; null where there is none
     * @param error its error; null where it did not end
     * @param line the line of its code that failed, or else its first one
     */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FailedCell(
            int number,
            @Nullable Integer executionCount,
            @Nullable String error,
            String line) {}
}
