package io.modelbatch.training.objective;

import ai.djl.ndarray.NDArray;
import io.modelbatch.token.TokenIds;
import java.util.List;
import java.util.function.BiConsumer;

/** The model between two epochs: without dropout and gradients. */
@FunctionalInterface
public interface EvaluationPass {
    /**
     * Runs the model over texts, in batches of its own. Outputs need not fit into memory together.
     *
     * @param batch called for each batch: the positions of its texts in the list, and their outputs. The first dimension of the outputs is that
     *     of the texts. The array is released after the call
     */
    void forEachBatch(List<TokenIds> texts, BiConsumer<List<Integer>, NDArray> batch);
}
