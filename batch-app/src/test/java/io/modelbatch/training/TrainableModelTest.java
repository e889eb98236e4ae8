package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.token.TokenIds;
import io.modelbatch.training.objective.LabelledText;
import io.modelbatch.training.objective.Objective;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainableModelTest {
    private static final Objective<LabelledText> OBJECTIVE = Lesson.objective();

    @TempDir
    Path folder;

    @BeforeAll
    static void startEngine() {
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        ComputeEngine.start();
    }

    /** But for the bias of attention's keys, which changes nothing: it adds the same to all that softmax compares. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-classification",
                "roberta-classification",
                "distilbert-classification",
                "electra-classification",
                "mpnet-classification",
                "albert-classification"
            })
    void everyWeightLearnsByDropoutAndPadding(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        TaskModel classifier = PretrainedModel.open(fixture.model()).forTask(Task.TEXT_CLASSIFICATION);
        try (TrainableModel model = TrainableModel.load(classifier, Map.of(), ComputeDevice.CPU, folder)) {
            List<LabelledText> examples =
                    examples(fixture, classifier.config().labels().size());
            float loss = model.learn(pass -> OBJECTIVE.loss(pass, examples), 1);
            assertThat(loss).isFinite();
            for (Map.Entry<String, NDArray> parameter : model.parameters().entrySet()) {
                float[] gradient = parameter.getValue().getGradient().toFloatArray();
                double sum = IntStream.range(0, gradient.length)
                        .mapToDouble(i -> Math.abs(gradient[i]))
                        .sum();
                assertThat(sum).as(parameter.getKey()).isFinite();
                if (!parameter.getKey().matches(".*(key|k_lin|attn\\.k)\\.bias")) {
                    assertThat(sum).as(parameter.getKey()).isGreaterThan(1e-6);
                }
            }
        }
    }

    private static List<LabelledText> examples(Fixture fixture, int labels) {
        List<Fixture.Case> cases = fixture.cases();
        return IntStream.range(0, cases.size())
                .mapToObj(i -> {
                    int[] ids = Arrays.stream(cases.get(i).ids())
                            .mapToInt(Math::toIntExact)
                            .toArray();
                    return new LabelledText(new TokenIds(ids, new int[ids.length]), i % labels);
                })
                .toList();
    }
}
