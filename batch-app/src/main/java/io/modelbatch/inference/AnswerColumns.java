package io.modelbatch.inference;

import io.modelbatch.model.Task;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema.Field;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The columns of answers. A result has them beside the key of each row. */
final class AnswerColumns {
    static final Field LABEL = new Field("label", FieldType.STRING);
    static final Field SCORE = new Field("score", FieldType.FLOAT64);
    static final Field SCORES = new Field("scores", FieldType.SCORES);
    static final Field ENTITIES = new Field("entities", FieldType.ENTITIES);

    static final Field REDACTED = new Field("redacted", FieldType.STRING);

    static final String EMBEDDING = "embedding";

    private AnswerColumns() {}

    static Field embedding(int dimensions) {
        return new Field(EMBEDDING, FieldType.embedding(dimensions));
    }

    /**
     * The names of all columns that a task's answers can have. Which of them they have depends on the model.
     *
     * @param topK how many of the best labels; empty for the best one
     */
    static List<String> names(Task task, OptionalInt topK) {
        return switch (task) {
            case TEXT_CLASSIFICATION ->
                (topK.isPresent() ? Stream.of(SCORE, SCORES) : Stream.of(LABEL, SCORE, SCORES))
                        .map(Field::name)
                        .toList();
            case TOKEN_CLASSIFICATION -> List.of(ENTITIES.name());
            case FEATURE_EXTRACTION -> List.of(EMBEDDING);
        };
    }
}
