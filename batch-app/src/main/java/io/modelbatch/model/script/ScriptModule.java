package io.modelbatch.model.script;

import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import java.util.List;

/**
 * A TorchScript module to be written as an archive.
 *
 * @param className the class in {@code source} that is the module, e.g. {@code Model}
 * @param source TorchScript; its functions and classes are {@code __torch__.module.…}. The class declares every tensor and flag
 * @param dtype the type that the tensors are stored in
 * @param gradients whether the tensors require gradients
 * @param tensors the module's tensors
 * @param flags the module's truth values, all false at first
 */
public record ScriptModule(
        String className, String source, Dtype dtype, Gradients gradients, List<Tensor> tensors, List<String> flags) {
    /** The Python module that {@code source} is. */
    public static final String SOURCE_NAME = "module";

    /** Gradients of the tensors: computed or not. */
    public enum Gradients {
        NONE,
        REQUIRED
    }

    /** Copies the lists. */
    public ScriptModule {
        tensors = List.copyOf(tensors);
        flags = List.copyOf(flags);
    }
}
