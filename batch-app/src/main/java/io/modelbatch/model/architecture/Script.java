package io.modelbatch.model.architecture;

import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the TorchScript of one forward pass, line by line, and notes which tensors it reads. The same lines learn or answer: what
 * differs (dropout, how weights lie in memory, in which type products are computed) is decided here, by the variant.
 */
final class Script {
    private static final String CLASS = "Model";
    private static final String MODULE = "__torch__." + ScriptModule.SOURCE_NAME;
    /** Set once the weights are packed. */
    private static final String PACKED = "packed";

    private static final String TRAINING = "training";
    private static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

    private final ArchiveVariant variant;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    /** What the archive stores, by name: tensors stacked into one. */
    private final Map<String, List<String>> stored = new LinkedHashMap<>();

    private final Set<String> packed = new LinkedHashSet<>();
    private final Map<Object, Value> known = new LinkedHashMap<>();
    private final StringBuilder lines = new StringBuilder();
    private int count;

    /** A value of the computation, by its name in the source. */
    record Value(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    Script(ArchiveVariant variant) {
        this.variant = variant;
    }

    /** Token ids, int64 {@code [rows, width]}. */
    Value ids() {
        return new Value("input_ids");
    }

    /** 1 on tokens and 0 on padding, int64 {@code [rows, width]}. */
    Value mask() {
        return new Value("attention_mask");
    }

    /** Token types, int64 {@code [rows, width]}. */
    Value types() {
        return new Value("token_type_ids");
    }

    /** Number of texts. */
    Value rows() {
        return once("rows", () -> let("torch.size(input_ids, 0)"));
    }

    /** Number of tokens of each row, padding included. */
    Value width() {
        return once("width", () -> let("torch.size(input_ids, 1)"));
    }

    /** What computes. */
    Value device() {
        return once("device", () -> let("ops.prim.device(input_ids)"));
    }

    /** 0, 1, 2 and so on for the tokens of a row, int64 {@code [width]}. */
    Value places() {
        return once("places", () -> let("torch.arange(%s, dtype=4, layout=None, device=%s)", width(), device()));
    }

    /** Which tokens attention may look at: bool {@code [rows, 1, 1, width]}, false on padding. */
    Value keys() {
        return once("keys", () -> let("torch.unsqueeze(torch.unsqueeze(torch.ne(attention_mask, 0), 1), 1)"));
    }

    /** Adds a line; the arguments are formatted into the expression. */
    Value let(String expression, Object... arguments) {
        Value value = new Value("v" + count++);
        lines.append("    %s = %s\n".formatted(value, expression.formatted(arguments)));
        return value;
    }

    /** What many layers share and is computed once, by the object that stands for it. */
    Value once(Object key, java.util.function.Supplier<Value> compute) {
        Value before = known.get(key);
        if (before != null) {
            return before;
        }
        Value value = compute.get();
        known.put(key, value);
        return value;
    }

    /** The type of products. */
    Dtype compute() {
        return variant.compute();
    }

    /** The number by which TorchScript knows the type of products. */
    int computeCode() {
        return variant.compute().torchCode();
    }

    /** A tensor as it is. */
    Value weight(String name, long... shape) {
        return stored(name, List.of(declared(name, Parameter.Role.WEIGHT, shape)));
    }

    /** A vector that is added as it is. */
    Value bias(String name, long width) {
        return stored(name, List.of(declared(name, Parameter.Role.BIAS, width)));
    }

    /** The rows of a table that the ids name. */
    Value embedding(String name, long rows, long width, Object ids) {
        return let("torch.embedding(%s, %s)", weight(name + ".weight", rows, width), ids);
    }

    /** Layer norm over the last dimension. */
    Value layerNorm(Value x, String name, long width, double eps) {
        Value scale = stored(name + ".weight", List.of(declared(name + ".weight", Parameter.Role.SCALE, width)));
        return let("torch.layer_norm(%s, [%d], %s, %s, %s)", x, width, scale, bias(name + ".bias", width), eps);
    }

    /** Layer norm that adds nothing. */
    Value layerNormWithoutBias(Value x, String name, long width, double eps) {
        Value scale = stored(name + ".weight", List.of(declared(name + ".weight", Parameter.Role.SCALE, width)));
        return let("torch.layer_norm(%s, [%d], %s, None, %s)", x, width, scale, eps);
    }

    /** Numbers dropped at random while it learns; the value itself where it answers. */
    Value dropout(Value x, double share) {
        return learns() && share > 0 ? let("torch.dropout(%s, %s, self.training)", x, share) : x;
    }

    /**
     * A product with the weights of a dense layer, for all tokens: most of a model's work.
     *
     * @param x {@code […, layer.in()]}
     */
    Value dense(Value x, Dense layer) {
        return packs() ? pointwise(x, layer, "\"none\", " + NO_SCALARS + ", \"\"") : let(linear(x, layer));
    }

    /** The same, and then an activation. */
    Value dense(Value x, Dense layer, Activation activation) {
        if (packs() && activation == Activation.GELU) {
            return pointwise(x, layer, "\"gelu\", " + NO_SCALARS + ", \"none\"");
        } else if (packs() && activation == Activation.GELU_TANH) {
            return pointwise(x, layer, "\"gelu\", " + NO_SCALARS + ", \"tanh\"");
        } else if (packs() && activation == Activation.RELU) {
            return pointwise(x, layer, "\"relu\", " + NO_SCALARS + ", \"\"");
        }
        return let(activation.script(dense(x, layer)));
    }

    /** The same with dropout, and then a sum: {@code residual + dropout(x · layer)}. bfloat16 products meet float32 residuals. */
    Value denseOnto(Value residual, Value x, Dense layer, double dropout) {
        if (packs()) {
            return let(
                    "ops.mkldnn._linear_pointwise(%s, %s, %s, %s, \"add\")",
                    x, residual, packedWeight(layer), biasOf(layer));
        }
        return let("torch.add(%s, %s)", dropout(dense(x, layer), dropout), residual);
    }

    /** A dense layer whose outcome is the first residual, which all others are added to: in float32 while it learns. */
    Value residualDense(Value x, Dense layer) {
        return learns() ? headDense(x, layer) : dense(x, layer);
    }

    /** A product for a head, which is small: in float32 while it learns. */
    Value headDense(Value x, Dense layer) {
        return let("torch.linear(%s, %s, %s)", x, weightOf(layer), biasOf(layer));
    }

    /**
     * Several products of the same numbers, which are one where it answers: that is faster.
     *
     * @param x {@code [rows, width, in]}
     * @param layers of the same sizes, with biases
     * @param heads a divisor of their outputs
     * @return for each layer {@code [rows, heads, width, out / heads]}
     */
    List<Value> split(Value x, List<Dense> layers, int heads) {
        Dense first = layers.get(0);
        long each = first.out() / heads;
        if (learns()) {
            return layers.stream()
                    .map(layer -> let(
                            "torch.transpose(torch.view(%s, [%s, %s, %d, %d]), 1, 2)",
                            dense(x, layer), rows(), width(), heads, each))
                    .toList();
        }
        Value all = let(
                "torch.permute(torch.view(%s, [%s, %s, %d, %d, %d]), [2, 0, 3, 1, 4])",
                dense(x, Dense.stacked(layers)), rows(), width(), layers.size(), heads, each);
        return IntStream.range(0, layers.size())
                .mapToObj(i -> let("torch.select(%s, 0, %d)", all, i))
                .toList();
    }

    /**
     * Scaled dot-product attention.
     *
     * @param qkv each {@code [rows, heads, width, each]}
     * @param mask bool (false is hidden) or what is added to the products, broadcastable to {@code [rows, heads, width, width]}
     * @param hidden heads times each
     * @return {@code [rows, width, hidden]}
     */
    Value attention(List<Value> qkv, Value mask, long hidden, double dropout) {
        Object share = learns() ? attentionDropout(dropout) : "0.";
        Value heads = let(
                "torch.scaled_dot_product_attention(%s, %s, %s, %s, %s, False)",
                qkv.get(0), qkv.get(1), qkv.get(2), mask, share);
        return let("torch.reshape(torch.transpose(%s, 1, 2), [%s, %s, %d])", heads, rows(), width(), hidden);
    }

    private Value attentionDropout(double share) {
        return once(List.of("attention dropout", share), () -> {
            Value value = let("0.");
            lines.append("    if self.training:\n      %s = %s\n".formatted(value, share));
            return value;
        });
    }

    /** Whether this is written for learning. */
    boolean learns() {
        return variant instanceof ArchiveVariant.Training;
    }

    private boolean packs() {
        return variant instanceof ArchiveVariant.Inference inference
                && inference.layout() == ArchiveVariant.Layout.PACKED;
    }

    private Value pointwise(Value x, Dense layer, String attribute) {
        return let("ops.mkldnn._linear_pointwise(%s, %s, %s, %s)", x, packedWeight(layer), biasOf(layer), attribute);
    }

    private String linear(Value x, Dense layer) {
        if (learns() && compute() != Dtype.FLOAT32) {
            String cast = "torch.to(%s, " + computeCode() + ")";
            Object bias = layer.biased() ? cast.formatted(biasOf(layer)) : "None";
            return "torch.linear(%s, %s, %s)".formatted(cast.formatted(x), cast.formatted(weightOf(layer)), bias);
        }
        return "torch.linear(%s, %s, %s)".formatted(x, weightOf(layer), biasOf(layer));
    }

    private Value weightOf(Dense layer) {
        return stored(layer.names().stream()
                .map(name -> declared(name + ".weight", Parameter.Role.WEIGHT, layer.outOfEach(), layer.in()))
                .toList());
    }

    private Object biasOf(Dense layer) {
        return layer.biased()
                ? stored(layer.names().stream()
                        .map(name -> declared(name + ".bias", Parameter.Role.BIAS, layer.outOfEach()))
                        .toList())
                : "None";
    }

    private Value packedWeight(Dense layer) {
        List<String> parts = layer.names().stream()
                .map(name -> declared(name + ".weight", Parameter.Role.WEIGHT, layer.outOfEach(), layer.in()))
                .toList();
        String name = identifier(String.join("+", parts));
        stored.put(name, parts);
        packed.add(name);
        return new Value("self." + name);
    }

    /** TorchScript assigns to attributes with plain names only. */
    private static String identifier(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_");
    }

    private String declared(String name, Parameter.Role role, long... shape) {
        Parameter parameter = new Parameter(name, Arrays.stream(shape).boxed().toList(), role);
        Parameter before = parameters.put(name, parameter);
        if (before != null && !before.equals(parameter)) {
            throw new IllegalStateException(before + " is also read as " + parameter);
        }
        return name;
    }

    private Value stored(List<String> parts) {
        return stored(String.join("+", parts), parts);
    }

    private Value stored(String name, List<String> parts) {
        stored.put(name, parts);
        return new Value("getattr(self, \"" + name + "\")");
    }

    /** The tensors that are read, in the order of the first use. */
    List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /**
     * The module that answers with a value.
     *
     * @param weights at least all {@link #parameters}
     */
    ScriptModule module(Value answer, Map<String, Tensor> weights) {
        List<Tensor> tensors = new ArrayList<>();
        stored.forEach((name, parts) -> {
            List<Tensor> all = parts.stream()
                    .map(part -> Objects.requireNonNull(weights.get(part), part))
                    .toList();
            tensors.add(all.size() == 1 && name.equals(parts.get(0)) ? all.get(0) : Tensor.stacked(name, all));
        });
        return new ScriptModule(
                CLASS,
                source(answer),
                learns() ? Dtype.FLOAT32 : variant.compute(),
                learns() ? ScriptModule.Gradients.REQUIRED : ScriptModule.Gradients.NONE,
                tensors,
                packs() ? List.of(TRAINING, PACKED) : List.of(TRAINING));
    }

    private String source(Value answer) {
        String self = "self: " + MODULE + "." + CLASS;
        String parameterNames =
                stored.keySet().stream().map(name -> '"' + name + "\", ").collect(Collectors.joining());
        String declarations = stored.keySet().stream()
                .map(name -> "  __annotations__[\"" + name + "\"] = Tensor\n")
                .collect(Collectors.joining());
        return "class " + CLASS + "(Module):\n  __parameters__ = [" + (learns() ? parameterNames : "") + "]\n"
                + "  __buffers__ = []\n" + declarations + "  " + TRAINING + " : bool\n"
                + (packs() ? packing(self) : "")
                + "  def forward(" + self
                + ", input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:\n"
                + (packs() ? "    if torch.__not__(self." + PACKED + "):\n      r = (self).pack()\n" : "")
                + lines + "    return torch.to(" + answer + ", " + Dtype.FLOAT32.torchCode() + ")\n";
    }

    /** The packed weight takes the place of the plain one, whose memory is free then. */
    private String packing(String self) {
        return "  " + PACKED + " : bool\n  def pack(" + self + ") -> bool:\n"
                + packed.stream()
                        .map(name ->
                                "    self.%1$s = ops.mkldnn._reorder_linear_weight(self.%1$s, None)\n".formatted(name))
                        .collect(Collectors.joining())
                + "    self." + PACKED + " = True\n    return True\n";
    }
}
