package io.modelbatch.model;

import java.util.List;
import java.util.Map;

/** A family of models: which tensors it has, and how it computes, as TorchScript. */
interface Architecture {
    /** Its {@code model_type}. */
    String modelType();

    /** The class that {@code architectures} names for a sequence classifier. */
    String headClass();

    /** Names and shapes of the encoder's tensors. */
    Map<String, List<Long>> encoder(ModelConfig config);

    /** Names and shapes of what stands between the encoder and the logits. */
    Map<String, List<Long>> classifier(ModelConfig config);

    /** The names under which files have been seen to hold a tensor, most usual first. */
    List<String> fileNames(String name);

    /**
     * The computation {@code forward(ids, mask, types: int64 [rows, width]) -> logits: float32 [rows, labels]}.
     *
     * @param weights all tensors of {@link #encoder} and {@link #classifier}
     */
    ScriptModule script(ModelConfig config, Map<String, Tensor> weights, ArchiveVariant variant);
}
