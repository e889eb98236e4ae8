package io.modelbatch.training;

import io.modelbatch.model.TaskModel;
import io.modelbatch.token.TokenIds;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
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
        MessageDigest digest = sha256();
        add(digest, options.toString());
        add(digest, classifier.fingerprint());
        add(digest, classifier.config().toString());
        add(digest, labels.toString());
        training.forEach(example -> add(digest, "training", example));
        heldOut.forEach(example -> add(digest, "held out", example));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String side, Example example) {
        TokenIds tokens = example.tokens();
        add(digest, side + Arrays.toString(tokens.ids()) + Arrays.toString(tokens.types()) + example.label());
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
