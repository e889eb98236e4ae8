package io.modelbatch.training.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.modelbatch.token.TokenIds;
import java.util.List;

/** The model while it learns: with dropout, and recording what the gradients need. */
public interface TrainingPass {
    /** The outputs for texts, which are padded to the longest of them. The first dimension is that of the texts, in their order. */
    NDArray outputs(List<TokenIds> texts);

    /** Makes arrays on the device of the model, such as the labels. They are released after the pass. */
    NDManager manager();
}
