package io.modelbatch.model;

/** The non-linearity between the two dense layers of a transformer block. */
public enum Activation {
    /** x · Φ(x), by the error function. */
    GELU("torch.gelu(%s)"),
    /** Its tanh approximation. */
    GELU_TANH("torch.gelu(%s, approximate=\"tanh\")"),
    RELU("torch.relu(%s)");

    private final String script;

    Activation(String script) {
        this.script = script;
    }

    /** TorchScript of this function of an expression. */
    String script(String argument) {
        return script.formatted(argument);
    }
}
