package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.tensor.ModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@code modelbatch.yaml}, and says all that is wrong with it at once. */
final class DescriptionReader {
    private static final String ARCHIVE = "archive";
    private static final String TASK = "task";
    private static final String INPUTS = "inputs";
    private static final String OUTPUTS = "outputs";
    private static final String LABELS = "labels";
    private static final String PROBLEM_TYPE = "problem-type";
    private static final String HIDDEN_SIZE = "hidden-size";
    private static final String MAX_LENGTH = "max-length";
    private static final String PAD_TOKEN_ID = "pad-token-id";
    private static final String VOCABULARY = "vocabulary";
    private static final List<String> KEYS = List.of(
            ARCHIVE, TASK, INPUTS, OUTPUTS, LABELS, PROBLEM_TYPE, HIDDEN_SIZE, MAX_LENGTH, PAD_TOKEN_ID, VOCABULARY);
    private static final String ARCHIVE_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\\.pt";
    private static final int MOST = 10_000_000;
    /** A text, and a second one. */
    private static final int TOKEN_TYPES = 2;

    private final DescriptionKeys keys;

    private DescriptionReader(DescriptionKeys keys) {
        this.keys = keys;
    }

    /**
     * Reads the file.
     *
     * @throws ModelException with all that is wrong with it
     */
    static ModelDescription read(DisplayPath file) throws IOException {
        DescriptionKeys keys = DescriptionKeys.read(file, KEYS);
        Optional<ModelDescription> description = new DescriptionReader(keys).description();
        keys.throwIfAny();
        return description.orElseThrow();
    }

    /** Looks at every key before it gives up. */
    private Optional<ModelDescription> description() {
        Optional<String> archive = keys.text(ARCHIVE);
        archive.filter(name -> !name.matches(ARCHIVE_NAME))
                .ifPresent(name ->
                        keys.report(ARCHIVE, "is '" + name + "', must be the name of a .pt file in this directory"));
        Optional<Task> task =
                keys.text(TASK).flatMap(word -> constant(TASK, Task.class, word, DescriptionReader::word));
        List<ArchiveCall.Input> inputs = inputs();
        Optional<String> output = keys.text(OUTPUTS);
        int hidden = hidden(task);
        Optional<Head> head = task.map(this::head);
        task.ifPresent(this::refuseProblemType);
        int positions = keys.number(MAX_LENGTH, 1, MOST);
        int vocabulary = keys.number(VOCABULARY, 1, MOST);
        int padding = keys.number(PAD_TOKEN_ID, 0, Math.max(0, vocabulary - 1));
        if (archive.isEmpty() || output.isEmpty() || head.isEmpty()) {
            return Optional.empty();
        }
        int types = inputs.contains(ArchiveCall.Input.TOKEN_TYPE_IDS) ? TOKEN_TYPES : 0;
        return Optional.of(new ModelDescription(
                archive.get(),
                task.get(),
                ArchiveCall.of(inputs, output.get(), head.get(), hidden),
                head.get(),
                new ModelConfig.Sizes(vocabulary, positions, hidden, types),
                padding));
    }

    private List<ArchiveCall.Input> inputs() {
        List<String> words = keys.texts(INPUTS);
        List<ArchiveCall.Input> inputs = new ArrayList<>();
        words.forEach(word -> constant(INPUTS, ArchiveCall.Input.class, word, DescriptionReader::identifier)
                .ifPresent(inputs::add));
        if (new HashSet<>(inputs).size() < inputs.size()) {
            keys.report(INPUTS, "has a duplicate name");
        } else if (inputs.size() == words.size() && !words.isEmpty() && !inputs.contains(ArchiveCall.Input.INPUT_IDS)) {
            keys.report(INPUTS, "lacks input_ids, which hold the text");
        }
        return inputs;
    }

    private int hidden(Optional<Task> task) {
        if (task.isPresent() && task.get() == Task.FEATURE_EXTRACTION) {
            return keys.number(HIDDEN_SIZE, 1, MOST);
        } else if (task.isPresent() && keys.has(HIDDEN_SIZE)) {
            keys.report(HIDDEN_SIZE, "belongs to task feature-extraction: it is the size of an embedding");
        }
        return 0;
    }

    /** Classification needs labels, the archive's own pooling needs no words. */
    private Head head(Task task) {
        if (task == Task.FEATURE_EXTRACTION) {
            if (keys.has(LABELS)) {
                keys.report(LABELS, "belongs to the tasks that classify; embeddings have none");
            }
            return new Head.Embedding(Head.Pooling.MEAN, Head.Scale.AS_IT_IS);
        }
        List<String> labels = keys.texts(LABELS);
        return task == Task.TOKEN_CLASSIFICATION
                ? new Head.TokenClassification(labels)
                : new Head.TextClassification(problemType(), labels);
    }

    private Optional<ProblemType> problemType() {
        return keys.has(PROBLEM_TYPE)
                ? keys.text(PROBLEM_TYPE)
                        .flatMap(word -> constant(PROBLEM_TYPE, ProblemType.class, word, DescriptionReader::identifier))
                : Optional.empty();
    }

    private void refuseProblemType(Task task) {
        if (task != Task.TEXT_CLASSIFICATION && keys.has(PROBLEM_TYPE)) {
            keys.report(PROBLEM_TYPE, "belongs to task text-classification");
        }
    }

    private <E extends Enum<E>> Optional<E> constant(
            String key, Class<E> type, String word, Function<E, String> spelling) {
        List<E> all = List.of(type.getEnumConstants());
        Optional<E> found = all.stream()
                .filter(constant -> spelling.apply(constant).equals(word))
                .findFirst();
        if (found.isEmpty()) {
            keys.report(
                    key,
                    "has '" + word + "'; allowed are "
                            + all.stream().map(spelling).collect(Collectors.joining(", ")));
        }
        return found;
    }

    /** As a job file spells it. */
    static String word(Enum<?> constant) {
        return identifier(constant).replace('_', '-');
    }

    private static String identifier(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
