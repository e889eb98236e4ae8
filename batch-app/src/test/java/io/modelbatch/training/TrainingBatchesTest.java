package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.token.TokenIds;
import io.modelbatch.training.objective.LabelledText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingBatchesTest {
    private static final List<LabelledText> EXAMPLES = IntStream.range(0, 50)
            .mapToObj(number -> new LabelledText(new TokenIds(new int[] {number}, new int[1]), 0))
            .toList();
    private static final LoopOptions OPTIONS =
            Options.of(Map.of("numTrainEpochs", 3)).loop();

    @Test
    void anEpochGoesThroughEachExampleOnce() {
        TrainingBatches<LabelledText> batches = shuffled(42);
        assertThat(batches.stepsPerEpoch()).isEqualTo(4);
        assertThat(batches.steps()).isEqualTo(12);
        for (long epoch = 0; epoch < 3; epoch++) {
            assertThat(epoch(batches, epoch)).containsExactlyInAnyOrderElementsOf(EXAMPLES);
        }
        assertThat(batches.of(3)).hasSize(2);
    }

    @Test
    void everyEpochAndEverySeedHasAnOrderOfItsOwn() {
        assertThat(List.of(
                        EXAMPLES,
                        epoch(shuffled(42), 0),
                        epoch(shuffled(42), 1),
                        epoch(shuffled(43), 0),
                        epoch(shuffled(4294967295L), 0)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aStepsExamplesDoNotDependOnTheStepsBefore() {
        TrainingBatches<LabelledText> onwards = shuffled(42);
        List<List<LabelledText>> all =
                LongStream.range(0, 12).mapToObj(onwards::of).map(List::copyOf).toList();
        TrainingBatches<LabelledText> back = shuffled(42);
        for (int step = 11; step >= 0; step--) {
            assertThat(back.of(step)).isEqualTo(all.get(step));
        }
    }

    @Test
    void countsTheExamplesBeforeAStep() {
        TrainingBatches<LabelledText> batches = shuffled(42);
        assertThat(LongStream.of(0, 1, 3, 4, 5, 12).map(batches::before)).containsExactly(0L, 16L, 48L, 50L, 66L, 150L);
    }

    private static TrainingBatches<LabelledText> shuffled(long seed) {
        return new TrainingBatches<>(EXAMPLES, ExampleOrder.shuffled(new Seeds(seed)), OPTIONS);
    }

    private static List<LabelledText> epoch(TrainingBatches<LabelledText> batches, long epoch) {
        List<LabelledText> examples = new ArrayList<>();
        LongStream.range(4 * epoch, 4 * epoch + 4).forEach(step -> examples.addAll(batches.of(step)));
        return examples;
    }
}
