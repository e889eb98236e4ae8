package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The facts about a step: what it found, made or decided. As JSON, each component stands under its name with dashes, in the order of the
 * record, and a component that is null is left out. Job repositories keep the simple name of the record beside it: one that is renamed is
 * read from older runs as {@link OwnFacts}.
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Facts
        permits Answered,
                AnsweredSoFar,
                Evaluated,
                Executed,
                Extracted,
                Loaded,
                ModelOpened,
                NotebookExecuted,
                OwnFacts,
                Published,
                Trained,
                TrainingProgress,
                Transferred,
                Transformed {
    /** The values that a later step of the run may name: texts, numbers, and true or false. */
    default Map<String, Object> results() {
        return Map.of();
    }
}
