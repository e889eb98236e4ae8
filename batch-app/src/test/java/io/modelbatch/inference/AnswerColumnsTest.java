package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.model.Task;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.result.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerColumnsTest {
    /** A job file refuses exactly those keys that are columns of some model's answers. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void namesThoseOfEveryClassifier(int topK) {
        OptionalInt best = topK == 0 ? OptionalInt.empty() : OptionalInt.of(topK);
        Stream<String> made = Stream.concat(
                        Stream.of(Optional.<ProblemType>empty()),
                        Arrays.stream(ProblemType.values()).map(Optional::of))
                .flatMap(problem -> Stream.of(List.of("one"), List.of("one", "other"))
                        .map(labels -> new Head.TextClassification(problem, labels)))
                .flatMap(head -> TextClassification.decoder(head, best).columns().stream())
                .map(RecordSchema.Field::name);

        assertThat(made.distinct())
                .containsExactlyInAnyOrderElementsOf(AnswerColumns.names(Task.TEXT_CLASSIFICATION, best));
    }
}
