package io.modelbatch.model.architecture;

import java.util.List;
import java.util.Optional;

/** What is made of the encoder's numbers. */
public sealed interface Head {
    /**
     * Numbers for a text: {@code [rows, labels]}.
     *
     * @param problemType what they mean; empty where the configuration leaves it open, as most do
     * @param labels the labels by number
     */
    record TextClassification(Optional<ProblemType> problemType, List<String> labels) implements Head {
        /** Keeps its own copy. */
        public TextClassification {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Numbers for each token: {@code [rows, width, labels]}.
     *
     * @param labels the labels by number
     */
    record TokenClassification(List<String> labels) implements Head {
        /** Keeps its own copy. */
        public TokenClassification {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A text as a point: {@code [rows, hidden]}.
     *
     * @param pooling how the tokens' numbers become the text's
     * @param scale whether the point is moved to a distance of 1 from the origin
     */
    record Embedding(Pooling pooling, Scale scale) implements Head {}

    /** How the tokens' numbers become the text's, as sentence-transformers names it. */
    enum Pooling {
        /** Those of the first token. */
        CLS,
        /** The mean over all tokens. */
        MEAN,
        /** The largest over all tokens, number by number. */
        MAX,
        /** The sum over all tokens, divided by the square root of their count. */
        MEAN_SQRT_LEN_TOKENS
    }

    /** The length of an embedding. */
    enum Scale {
        AS_IT_IS,
        /** Euclidean norm 1. */
        NORMALIZED
    }
}
