package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.token.TokenIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetTest {
    private static final List<String> LABELS = List.of("bakery", "dairy", "drinks", "household");
    private static final Example BREAD = example(0, 0, 2, 17, 3);
    private static final Example MILK = example(1, 0, 2, 23, 3);
    private static final TrainingSet SET = new TrainingSet(LABELS, List.of(BREAD, MILK), List.of(MILK));

    @TempDir
    Path folder;

    @Test
    void theFingerprintIsThatOfTheContent() throws Exception {
        TrainingSet same =
                new TrainingSet(LABELS, List.of(example(0, 0, 2, 17, 3), example(1, 0, 2, 23, 3)), List.of(MILK));
        assertThat(same.fingerprint(classifier(), Options.of(Map.of())))
                .isEqualTo(SET.fingerprint(classifier(), Options.of(Map.of())))
                .matches("[0-9a-f]{64}");
    }

    /** A checkpoint with another fingerprint is refused, so that of a run's own must be found again. */
    @Test
    void theFingerprintStaysTheSame() throws Exception {
        assertThat(SET.fingerprint(classifier(), Options.of(Map.of())))
                .isEqualTo("9dfa468a9f12ef2f334dff7bd7ddf652222fbddb2dbb543a66bbadb7923760a2");
    }

    @Test
    void theFingerprintChangesWithEachIngredient() throws Exception {
        TaskModel classifier = classifier();
        TrainOptions options = Options.of(Map.of());
        Map<String, String> prints = new LinkedHashMap<>();
        prints.put("as it is", SET.fingerprint(classifier, options));
        prints.put("options", SET.fingerprint(classifier, Options.of(Map.of("seed", 43))));
        prints.put("order", print(List.of(MILK, BREAD), List.of(MILK)));
        prints.put("rows", print(List.of(BREAD), List.of(MILK)));
        prints.put("side", print(List.of(BREAD, MILK, MILK), List.of()));
        prints.put("held-out rows", print(List.of(BREAD, MILK), List.of(BREAD)));
        prints.put("label", print(List.of(example(2, 0, 2, 17, 3), MILK), List.of(MILK)));
        prints.put("token", print(List.of(example(0, 0, 2, 18, 3), MILK), List.of(MILK)));
        prints.put("token type", print(List.of(example(0, 1, 2, 17, 3), MILK), List.of(MILK)));
        prints.put(
                "names of labels",
                new TrainingSet(List.of("w", "x", "y", "z"), SET.training(), SET.heldOut())
                        .fingerprint(classifier, options));
        Files.writeString(folder.resolve("base/tokenizer_config.json"), "{}");
        prints.put("base", SET.fingerprint(opened(), options));
        assertThat(prints.values()).doesNotHaveDuplicates();
    }

    private String print(List<Example> training, List<Example> heldOut) throws Exception {
        return new TrainingSet(LABELS, training, heldOut).fingerprint(opened(), Options.of(Map.of()));
    }

    private TaskModel classifier() throws Exception {
        Path base = folder.resolve("base");
        return Files.exists(base) ? opened() : Lesson.shortened(1, folder).classifier();
    }

    private TaskModel opened() throws Exception {
        return PretrainedModel.open(folder.resolve("base"))
                .forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, LABELS, 42);
    }

    private static Example example(int label, int type, int... ids) {
        int[] types = new int[ids.length];
        types[1] = type;
        return new Example(new TokenIds(ids, types), label);
    }
}
