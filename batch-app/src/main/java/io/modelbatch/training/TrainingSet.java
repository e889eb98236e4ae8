package io.modelbatch.training;

import io.modelbatch.model.SequenceClassifier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    /** Changes with anything that decides the course of a training. */
    String fingerprint(SequenceClassifier classifier, TrainOptions options) {
        MessageDigest digest = sha256();
        add(digest, options.toString());
        add(digest, classifier.config().toString());
        add(digest, labels.toString());
        for (Example example : training) {
            add(digest, java.util.Arrays.toString(example.tokens().ids()) + example.label());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
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
