package io.modelbatch.model;

import java.util.List;

/**
 * A TorchScript module to be written as an archive.
 *
 * @param className the class in {@code source} that is the module, e.g. {@code Classifier}
 * @param source TorchScript; its functions and classes are {@code __torch__.module.…}. The class declares every tensor, and
 *     {@code training : bool}
 * @param dtype the type that the tensors are stored in
 * @param gradients whether the tensors require gradients
 * @param tensors the module's parameters
 */
public record ScriptModule(String className, String source, Dtype dtype, Gradients gradients, List<Tensor> tensors) {
    /** Whether gradients of the parameters are computed. */
    public enum Gradients {
        NONE,
        REQUIRED
    }

    /** Copies the list. */
    public ScriptModule {
        tensors = List.copyOf(tensors);
    }
}
