package io.modelbatch.model.architecture;

import java.util.List;
import java.util.Optional;

/** The head of a model: turns the encoder's states into answers. */
public sealed interface Head permits Head.TextClassification, Head.TokenClassification, Head.Embedding {
    /**
     * Numbers for a text: {@code [rows, labels]}.
     *
     * @param problemType their meaning; empty where the configuration leaves it open, as most do
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
     * A text as a point: {@code [rows, dimensions]}.
     *
     * @param pooling of the tokens' numbers into the text's; the results of several lie side by side
     * @param excluded tokens at the beginning of each text that are left out of the pooling: those of a prompt
     * @param layers the layers after the pooling, in order
     */
    record Embedding(List<Pooling> pooling, int excluded, List<SentenceLayer> layers) implements Head {
        /** Keeps its own copies. */
        public Embedding {
            pooling = List.copyOf(pooling);
            layers = List.copyOf(layers);
        }

        /** One pooling of all tokens. */
        public Embedding(Pooling pooling, Scale scale) {
            this(List.of(pooling), 0, scale == Scale.NORMALIZED ? List.of(new SentenceLayer.Normalize()) : List.of());
        }

        /** Without the first tokens of each text. */
        public Embedding excluding(int tokens) {
            return new Embedding(pooling, tokens, layers);
        }

        /** Numbers of an embedding, where the encoder has so many for a token. */
        public int dimensions(int hidden) {
            return layers.stream()
                    .reduce(
                            hidden * pooling.size(),
                            (width, layer) -> layer instanceof SentenceLayer.Dense dense ? dense.out() : width,
                            (first, second) -> second);
        }

        /** True when embeddings are normalized to a length of 1. */
        public Scale scale() {
            return !layers.isEmpty() && layers.get(layers.size() - 1) instanceof SentenceLayer.Normalize
                    ? Scale.NORMALIZED
                    : Scale.AS_IT_IS;
        }
    }

    /** The pooling of the tokens' numbers into those of the text, with the names of sentence-transformers. */
    enum Pooling {
        /** Those of the first token. */
        CLS,
        /** The mean over all tokens. */
        MEAN,
        /** The largest over all tokens, number by number. */
        MAX,
        /** The sum over all tokens, divided by the square root of their count. */
        MEAN_SQRT_LEN_TOKENS,
        /** The mean over all tokens, each with its place, from 1, as its weight. */
        WEIGHTEDMEAN,
        /** Those of the last token. */
        LASTTOKEN
    }

    /** The length of an embedding. */
    enum Scale {
        AS_IT_IS,
        /** Euclidean norm 1. */
        NORMALIZED
    }
}
