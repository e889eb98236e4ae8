package io.modelbatch.model.script;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A non-linearity, by the names that transformers' {@code ACT2FN} gives it. */
public enum Activation {
    /** x · Φ(x), by the error function. */
    GELU("torch.gelu(%s)", "gelu", "gelu_python"),
    /** Its tanh approximation. */
    GELU_TANH(
            "torch.gelu(%s, approximate=\"tanh\")",
            "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate"),
    /** GELU, clipped at ±10. */
    GELU_10("torch.clamp(torch.gelu(%s), -10., 10.)", "gelu_10"),
    /** x · σ(1.702 x). */
    QUICK_GELU("torch.mul(%1$s, torch.sigmoid(torch.mul(%1$s, 1.702)))", "quick_gelu"),
    RELU("torch.relu(%s)", "relu"),
    /** ReLU squared. */
    RELU2("torch.square(torch.relu(%s))", "relu2"),
    RELU6("torch.relu6(%s)", "relu6"),
    LEAKY_RELU("torch.leaky_relu(%s)", "leaky_relu"),
    SILU("torch.silu(%s)", "silu", "swish"),
    MISH("torch.mish(%s)", "mish"),
    HARDSWISH("torch.hardswish(%s)", "hardswish"),
    TANH("torch.tanh(%s)", "tanh"),
    SIGMOID("torch.sigmoid(%s)", "sigmoid"),
    /** Φ((x - √½) · √4π), which is near the square of ReLU below 1. */
    LAPLACE("torch.mul(torch.add(torch.erf(torch.div(torch.sub(%s, 0.707107), 0.3989425748893)), 1.), 0.5)", "laplace"),
    SQRT_SOFTPLUS("torch.sqrt(torch.softplus(%s))", "sqrtsoftplus"),
    LINEAR("%s", "linear");

    private static final Set<Activation> OVERWRITE = EnumSet.of(GELU, GELU_TANH, RELU, SILU);

    private final String script;
    private final List<String> names;

    Activation(String script, String... names) {
        this.script = script;
        this.names = List.of(names);
    }

    /** The one of that name. */
    public static Optional<Activation> named(String name) {
        return Arrays.stream(values())
                .filter(known -> known.names.contains(name))
                .findFirst();
    }

    /** The function of a module of {@code torch.nn} with its default arguments. */
    public static Optional<Activation> ofTorch(String module) {
        return Optional.ofNullable(
                switch (module) {
                    case "Identity" -> LINEAR;
                    case "Tanh" -> TANH;
                    case "Sigmoid" -> SIGMOID;
                    case "GELU" -> GELU;
                    case "ReLU" -> RELU;
                    case "ReLU6" -> RELU6;
                    case "LeakyReLU" -> LEAKY_RELU;
                    case "SiLU" -> SILU;
                    case "Mish" -> MISH;
                    case "Hardswish" -> HARDSWISH;
                    default -> null;
                });
    }

    /** All names that are known. */
    public static List<String> names() {
        return Arrays.stream(values()).flatMap(known -> known.names.stream()).toList();
    }

    /** The same of a value that nothing else reads: saves the memory of another, where PyTorch has such a function. */
    String overwriting(ForwardScript.Value argument) {
        return OVERWRITE.contains(this) ? script.replaceFirst("\\(", "_(").formatted(argument) : script(argument);
    }

    /** TorchScript of this function of a value. */
    public String script(ForwardScript.Value argument) {
        return script.formatted(argument);
    }
}
