package io.modelbatch.training.objective;

import java.util.List;
import java.util.Optional;

/**
 * Texts for a trained model to answer.
 *
 * @param texts the texts
 * @param pairs the second text of each; empty for a model that reads one
 */
public record Questions(List<String> texts, Optional<List<String>> pairs) {
    /** Keeps its own copies. */
    public Questions {
        texts = List.copyOf(texts);
        pairs = pairs.map(List::copyOf);
    }
}
