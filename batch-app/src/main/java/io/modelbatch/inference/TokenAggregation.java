package io.modelbatch.inference;

/** Ways to make entities of tokens: {@code aggregation_strategy} of transformers' {@code TokenClassificationPipeline}. */
public enum TokenAggregation {
    /** Each token is an entity, with its label as it is. */
    NONE,
    /** Neighbours of the same kind are one entity. */
    SIMPLE,
    /** The same of whole words, each with the label of its first token. */
    FIRST,
    /** The same, each word with the label that has the highest mean score over its tokens. */
    AVERAGE,
    /** The same, each word with the label of its token with the highest score. */
    MAX
}
