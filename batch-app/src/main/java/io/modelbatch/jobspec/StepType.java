package io.modelbatch.jobspec;

import io.modelbatch.artifact.DownloadOptions;
import io.modelbatch.artifact.UploadOptions;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.model.PublishOptions;
import io.modelbatch.source.ExtractOptions;
import io.modelbatch.source.LoadOptions;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.TrainOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a step can be: its options, and the step whose result it works on. */
enum StepType {
    EXTRACT(ExtractOptions.class, null, "the rows of a query"),
    INFER(InferOptions.class, EXTRACT, "a model's answer to every row"),
    TRAIN(TrainOptions.class, EXTRACT, "a model that learns from the rows"),
    EVALUATE(EvaluateOptions.class, TRAIN, "metrics of the trained model"),
    PUBLISH(PublishOptions.class, TRAIN, "the trained model as a version"),
    LOAD(LoadOptions.class, INFER, "the answers in a table"),
    UPLOAD(UploadOptions.class, null, "files of this machine in a bucket"),
    DOWNLOAD(DownloadOptions.class, null, "objects as files of this machine");

    private final Class<? extends Record> options;
    private final Optional<StepType> needed;
    private final String description;

    StepType(Class<? extends Record> options, @Nullable StepType needed, String description) {
        this.options = options;
        this.needed = Optional.ofNullable(needed);
        this.description = description;
    }

    static Optional<StepType> find(String key) {
        return Arrays.stream(values()).filter(type -> type.key().equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(StepType::key).toList();
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Class<? extends Record> options() {
        return options;
    }

    /** The type of step that must come before it. */
    Optional<StepType> needed() {
        return needed;
    }

    String description() {
        return description;
    }

    /** Whether the option is SQL, in which a value must never become part of the text. */
    boolean isQuery(String option) {
        return this == EXTRACT && option.equals("query");
    }
}
