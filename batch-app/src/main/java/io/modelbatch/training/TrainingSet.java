package io.modelbatch.training;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.modelbatch.model.TaskModel;
import io.modelbatch.token.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The examples of a training.
 *
 * @param labels the labels by number
 * @param training what the model learns from, at least one
 * @param heldOut what it never learns from
 */
public record TrainingSet(List<String> labels, List<Example> training, List<Example> heldOut) {
    /** Keeps its own copies. */
    public TrainingSet {
        labels = List.copyOf(labels);
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /** Changes with anything that decides the course of a training, or what is told of it. */
    String fingerprint(TaskModel classifier, TrainOptions options) {
        Hasher digest = Hashing.sha256().newHasher();
        add(digest, options.toString());
        add(digest, classifier.fingerprint());
        add(digest, classifier.config().toString());
        add(digest, labels.toString());
        training.forEach(example -> add(digest, "training", example));
        heldOut.forEach(example -> add(digest, "held out", example));
        return digest.hash().toString();
    }

    private static void add(Hasher digest, String side, Example example) {
        TokenIds tokens = example.tokens();
        add(digest, side + Arrays.toString(tokens.ids()) + Arrays.toString(tokens.types()) + example.label());
    }

    private static void add(Hasher digest, String text) {
        digest.putString(text, StandardCharsets.UTF_8).putByte((byte) 0);
    }
}
