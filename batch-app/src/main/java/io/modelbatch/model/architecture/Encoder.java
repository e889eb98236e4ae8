package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/**
 * Turns token ids into numbers for each token. Its tensors are those that its computation reads, so they are named nowhere else.
 * Tensor names are those of transformers' class for the task, such as {@code BertForSequenceClassification}.
 */
interface Encoder {
    /** The prefix of its class names: {@code Bert}. */
    String className();

    /** Its dimensions. */
    ModelConfig.Sizes sizes();

    /** The standard deviation of newly initialised weights. */
    double initializerRange();

    /** The prefix of the encoder's tensors, unless it was saved alone: {@code bert.}. */
    String prefix();

    /**
     * Writes the encoder: the last hidden states, {@code [rows, width, hidden]}. Where the first token's are all that is wanted, those
     * of others may be left out.
     */
    Value states(ForwardScript script, OutputTokens wanted);

    /** The tokens whose states its classification of texts reads. */
    default OutputTokens classified() {
        return OutputTokens.FIRST;
    }

    /** Writes what makes {@code [rows, labels]} of the states of the tokens that are {@link #classified}. */
    Value classification(ForwardScript script, Value states, int labels);

    /** Writes what makes {@code [rows, width, labels]} of the states. */
    Value tokenClassification(ForwardScript script, Value states, int labels);

    /** Other names under which files have been seen to hold a tensor. */
    default List<String> aliases(String name) {
        return List.of();
    }
}
