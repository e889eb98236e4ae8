package io.modelbatch.training;

import io.modelbatch.model.Fixture;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.training.objective.LabelledText;
import io.modelbatch.training.objective.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * The rows that the fixture teaches.
 *
 * @param classifier the model to start from
 * @param examples its examples as the training ones, its probes as the held-out ones
 * @param expected what transformers gave
 */
record Lesson(TaskModel classifier, TrainingSet<LabelledText> examples, JsonNode expected) {
    /** Text classification, as a job file asks for it. */
    @SuppressWarnings("unchecked")
    static Objective<LabelledText> objective() {
        return (Objective<LabelledText>) Options.of(Map.of()).objective();
    }

    /** The lesson as the loop takes it. */
    TrainingTask<LabelledText> task() {
        return new TrainingTask<>(objective(), classifier, examples);
    }

    /** As the fixture has it, without dropout. */
    static Lesson whole() throws IOException {
        Fixture fixture = Fixture.named("training");
        return read(fixture.model(), fixture.expected(), Integer.MAX_VALUE);
    }

    /** The first examples alone, with dropout. */
    static Lesson shortened(int examples, Path folder) throws IOException {
        Fixture fixture = Fixture.named("training");
        Path model = Files.createDirectories(folder.resolve("base"));
        for (String name : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(fixture.model().resolve(name), model.resolve(name));
        }
        String config = Files.readString(fixture.model().resolve("config.json"));
        Files.writeString(model.resolve("config.json"), config.replace("_prob\": 0.0", "_prob\": 0.1"));
        return read(model, fixture.expected(), examples);
    }

    private static Lesson read(Path model, JsonNode expected, int examples) throws IOException {
        List<String> labels =
                expected.path("labels").valueStream().map(JsonNode::stringValue).toList();
        TaskModel classifier =
                PretrainedModel.open(model).forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, 42);
        int length = expected.path("max_length").intValue();
        try (Tokenizer tokenizer = Tokenizer.open(model, 66, OptionalInt.of(length))) {
            TrainingSet<LabelledText> set = new TrainingSet<>(
                    examples(expected.path("examples"), labels, tokenizer).stream()
                            .limit(examples)
                            .toList(),
                    examples(expected.path("probes"), labels, tokenizer));
            return new Lesson(classifier, set, expected);
        }
    }

    private static List<LabelledText> examples(JsonNode array, List<String> labels, Tokenizer tokenizer) {
        return array.valueStream()
                .map(one -> new LabelledText(
                        tokenizer.encode(one.path("text").stringValue(), null),
                        labels.indexOf(one.path("label").stringValue())))
                .toList();
    }

    /** The texts of the held-out examples. */
    List<TokenIds> probes() {
        return examples.heldOut().stream().map(LabelledText::tokens).toList();
    }
}
