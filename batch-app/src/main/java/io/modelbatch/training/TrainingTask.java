package io.modelbatch.training;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.training.objective.DataOptions;
import io.modelbatch.training.objective.Example;
import io.modelbatch.training.objective.Objective;
import io.modelbatch.training.objective.SplitRows;
import io.modelbatch.training.objective.UnfitRowsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A model, what it is to learn, and the examples for it.
 *
 * @param objective the task that it learns
 * @param model the model before the first step
 * @param examples the examples
 * @param <E> the examples
 */
public record TrainingTask<E extends Example>(Objective<E> objective, TaskModel model, TrainingSet<E> examples) {
    /**
     * Begins with a base model and rows.
     *
     * @throws UnfitRowsException when nothing can be learned from the rows
     */
    public static <E extends Example> TrainingTask<E> of(
            Objective<E> objective, PretrainedModel base, SplitRows rows, TrainOptions options) throws IOException {
        TaskModel model = objective.begin(base, rows, options.loop().seed());
        requireBothSides(rows, options);
        try (Tokenizer tokenizer = tokenizer(model.directory(), model.config(), options.data())) {
            TrainingSet<E> examples = new TrainingSet<>(
                    rows.training().stream()
                            .map(row -> objective.example(row, model, tokenizer))
                            .toList(),
                    rows.heldOut().stream()
                            .map(row -> objective.example(row, model, tokenizer))
                            .toList());
            return new TrainingTask<>(objective, model, examples);
        }
    }

    /** Opens the tokenizer of a model as a training reads its texts. */
    public static Tokenizer tokenizer(DisplayPath directory, ModelConfig config, DataOptions data) throws IOException {
        return Tokenizer.open(directory, config.sizes().positions(), data.longest(), Tokenizer.Case.AS_IT_IS);
    }

    private static void requireBothSides(SplitRows rows, TrainOptions options) {
        int training = rows.training().size();
        int heldOut = rows.heldOut().size();
        if (training == 0 || heldOut == 0) {
            throw new UnfitRowsException("Of " + (training + heldOut) + " rows " + heldOut + " are held out (holdout: "
                    + options.data().holdout() + "); both sides need rows: take more rows");
        }
    }

    /** The fingerprint of everything that decides the course of a training. Checkpoints hold it, so it stays the same for the same content. */
    String plan(TrainOptions options) {
        Hasher digest = Hashing.sha256().newHasher();
        add(digest, options.plan());
        add(digest, model.fingerprint());
        add(digest, model.config().toString());
        add(digest, model.config().labels().toString());
        add(digest, "training", examples.training());
        add(digest, "held out", examples.heldOut());
        return digest.hash().toString();
    }

    private static void add(Hasher digest, String side, List<? extends Example> examples) {
        examples.forEach(example -> add(digest, side + example.content()));
    }

    private static void add(Hasher digest, String text) {
        digest.putString(text, StandardCharsets.UTF_8).putByte((byte) 0);
    }
}
