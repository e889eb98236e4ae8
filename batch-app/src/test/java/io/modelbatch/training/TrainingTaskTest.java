package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.token.TokenIds;
import io.modelbatch.training.objective.LabelledText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTaskTest {
    private static final List<String> LABELS = List.of("bakery", "dairy", "drinks", "household");
    private static final LabelledText BREAD = example(0, 0, 2, 17, 3);
    private static final LabelledText MILK = example(1, 0, 2, 23, 3);
    private static final TrainingSet<LabelledText> SET = new TrainingSet<>(List.of(BREAD, MILK), List.of(MILK));

    @TempDir
    Path folder;

    @Test
    void thePlanIsThatOfTheContent() throws Exception {
        TrainingSet<LabelledText> same =
                new TrainingSet<>(List.of(example(0, 0, 2, 17, 3), example(1, 0, 2, 23, 3)), List.of(MILK));
        assertThat(plan(same, classifier(), Options.of(Map.of())))
                .isEqualTo(plan(SET, classifier(), Options.of(Map.of())))
                .matches("[0-9a-f]{64}");
    }

    /** A checkpoint with another fingerprint is refused, so that of a run's own must be found again. */
    @Test
    void thePlanStaysTheSame() throws Exception {
        assertThat(plan(SET, classifier(), Options.of(Map.of())))
                .isEqualTo("9dfa468a9f12ef2f334dff7bd7ddf652222fbddb2dbb543a66bbadb7923760a2");
    }

    @Test
    void thePlanChangesWithEachIngredient() throws Exception {
        TaskModel classifier = classifier();
        TrainOptions options = Options.of(Map.of());
        Map<String, String> prints = new LinkedHashMap<>();
        prints.put("as it is", plan(SET, classifier, options));
        prints.put("options", plan(SET, classifier, Options.of(Map.of("seed", 43))));
        prints.put("order", print(List.of(MILK, BREAD), List.of(MILK)));
        prints.put("rows", print(List.of(BREAD), List.of(MILK)));
        prints.put("side", print(List.of(BREAD, MILK, MILK), List.of()));
        prints.put("held-out rows", print(List.of(BREAD, MILK), List.of(BREAD)));
        prints.put("label", print(List.of(example(2, 0, 2, 17, 3), MILK), List.of(MILK)));
        prints.put("token", print(List.of(example(0, 0, 2, 18, 3), MILK), List.of(MILK)));
        prints.put("token type", print(List.of(example(0, 1, 2, 17, 3), MILK), List.of(MILK)));
        prints.put("names of labels", plan(SET, opened(List.of("w", "x", "y", "z")), options));
        Files.writeString(folder.resolve("base/tokenizer_config.json"), "{}");
        prints.put("base", plan(SET, opened(), options));
        assertThat(prints.values()).doesNotHaveDuplicates();
    }

    private String print(List<LabelledText> training, List<LabelledText> heldOut) throws Exception {
        return plan(new TrainingSet<>(training, heldOut), opened(), Options.of(Map.of()));
    }

    private TaskModel classifier() throws Exception {
        Path base = folder.resolve("base");
        return Files.exists(base) ? opened() : Lesson.shortened(1, folder).classifier();
    }

    private static String plan(TrainingSet<LabelledText> examples, TaskModel classifier, TrainOptions options) {
        return new TrainingTask<>(Lesson.objective(), classifier, examples).plan(options);
    }

    private TaskModel opened() throws Exception {
        return opened(LABELS);
    }

    private TaskModel opened(List<String> labels) throws Exception {
        return PretrainedModel.open(folder.resolve("base"))
                .forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, 42);
    }

    private static LabelledText example(int label, int type, int... ids) {
        int[] types = new int[ids.length];
        types[1] = type;
        return new LabelledText(new TokenIds(ids, types), label);
    }
}
