package io.modelbatch.model.script;

import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes the TorchScript of one forward pass, line by line, and notes which tensors it reads. The same lines learn or answer: what
 * differs (dropout, how weights lie in memory, in which type products are computed) is decided here, by the variant.
 */
public final class ForwardScript {
    private static final String CLASS = "Model";
    private static final String MODULE = "__torch__." + ScriptModule.SOURCE_NAME;
    /** Set once the weights are packed. */
    private static final String PACKED = "packed";

    private static final String TRAINING = "training";
    private final ArchiveVariant variant;
    private final ScriptTensors tensors = new ScriptTensors();
    private final LinearLayers products;
    private final Body constants = new Body(new StringBuilder(), new LinkedHashMap<>());
    private Body body = new Body(new StringBuilder(), new LinkedHashMap<>());
    private int count;
    /** Of dense layers, for each token. */
    private long multiplications;
    /** True while only the first token is computed. */
    private boolean firstTokenAlone;

    /** Lines that are run together, and what is known in them. */
    private record Body(StringBuilder lines, Map<Object, Value> known) {}

    /** A value of the computation, by its name in the source. */
    public record Value(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    public ForwardScript(ArchiveVariant variant) {
        this.variant = variant;
        this.products = products(variant);
    }

    private LinearLayers products(ArchiveVariant of) {
        if (!(of instanceof ArchiveVariant.Inference inference)) {
            return new TrainableLinearLayers(this, tensors);
        } else if (inference.precision() == Precision.INT8) {
            return new Int8LinearLayers(this, tensors);
        }
        return inference.layout() == ArchiveVariant.Layout.PACKED
                ? new PackedLinearLayers(this, tensors)
                : new PlainLinearLayers(this, tensors);
    }

    /** Token ids, int64 {@code [rows, width]}. */
    public Value ids() {
        return new Value("input_ids");
    }

    /** 1 on tokens and 0 on padding, int64 {@code [rows, width]}. */
    public Value mask() {
        return new Value("attention_mask");
    }

    /** Token types, int64 {@code [rows, width]}. */
    public Value types() {
        return new Value("token_type_ids");
    }

    /** Number of texts. */
    public Value rows() {
        return once("rows", () -> let("torch.size(input_ids, 0)"));
    }

    /** Number of tokens of each row, padding included. */
    public Value width() {
        return once("width", () -> let("torch.size(input_ids, 1)"));
    }

    /** The device that computes. */
    public Value device() {
        return once("device", () -> let("ops.prim.device(input_ids)"));
    }

    /** 0, 1, 2 and so on for the tokens of a row, int64 {@code [width]}. */
    public Value places() {
        return once("places", () -> let("torch.arange(%s, dtype=4, layout=None, device=%s)", width(), device()));
    }

    /** Which tokens attention may look at: bool {@code [rows, 1, 1, width]}, false on padding. */
    public Value keys() {
        return once("keys", () -> let("torch.unsqueeze(torch.unsqueeze(torch.ne(attention_mask, 0), 1), 1)"));
    }

    /** Adds a line; the arguments are formatted into the expression. */
    public Value let(String expression, Object... arguments) {
        Value value = new Value("v" + count++);
        body.lines().append("    %s = %s\n".formatted(value, expression.formatted(arguments)));
        return value;
    }

    /** A value that many layers share, computed once; the key identifies it. */
    public Value once(Object key, Supplier<Value> compute) {
        Value before = body.known().get(key);
        if (before != null) {
            return before;
        }
        Value value = compute.get();
        body.known().put(key, value);
        return value;
    }

    /** A value that depends on weights alone: computed once, before they are packed; in every pass where they are not. */
    public Value constant(Supplier<Value> compute) {
        if (!packs()) {
            return compute.get();
        }
        Body outside = body;
        body = constants;
        Value value = compute.get();
        body = outside;
        return tensors.constant(value);
    }

    /**
     * The numbers of the first token; no others are looked at from here on.
     *
     * @param x {@code [rows, width, …]}
     * @return {@code [rows, 1, …]}
     */
    public Value ofFirstToken(Value x) {
        firstTokenAlone = true;
        return let("torch.contiguous(torch.slice(%s, 1, 0, 1, 1))", x);
    }

    private void count(Dense layer) {
        multiplications += firstTokenAlone ? 0 : layer.in() * layer.out();
    }

    /** The type of products. */
    public Dtype compute() {
        return variant.compute();
    }

    /** The number by which TorchScript knows the type of products. */
    public int computeCode() {
        return variant.compute().torchCode();
    }

    /** A tensor as it is. */
    public Value weight(String name, long... shape) {
        return tensors.read(name, Parameter.Role.WEIGHT, shape);
    }

    /** A vector that is added as it is. */
    public Value bias(String name, long width) {
        return tensors.read(name, Parameter.Role.BIAS, width);
    }

    /** The rows of a table that the ids name. */
    public Value embedding(String name, long rows, long width, Object ids) {
        return let("torch.embedding(%s, %s)", weight(name + ".weight", rows, width), ids);
    }

    /** Layer norm over the last dimension. */
    public Value layerNorm(Value x, String name, long width, double eps) {
        Value scale = tensors.read(name + ".weight", Parameter.Role.SCALE, width);
        return let("torch.layer_norm(%s, [%d], %s, %s, %s)", x, width, scale, bias(name + ".bias", width), eps);
    }

    /** Layer norm that adds nothing. */
    public Value layerNormWithoutBias(Value x, String name, long width, double eps) {
        Value scale = tensors.read(name + ".weight", Parameter.Role.SCALE, width);
        return let("torch.layer_norm(%s, [%d], %s, None, %s)", x, width, scale, eps);
    }

    /** Numbers dropped at random while it learns; the value itself where it answers. */
    public Value dropout(Value x, double share) {
        return learns() && share > 0 ? let("torch.dropout(%s, %s, self.training)", x, share) : x;
    }

    /**
     * A product with the weights of a dense layer, for all tokens: most of a model's work.
     *
     * @param x {@code […, layer.in()]}
     */
    public Value dense(Value x, Dense layer) {
        count(layer);
        return products.dense(x, layer);
    }

    /** The same, and then an activation. */
    public Value dense(Value x, Dense layer, Activation activation) {
        count(layer);
        return products.dense(x, layer, activation);
    }

    /**
     * Gated linear units (Shazeer, 2020): the activation of one half of a product, times the other half.
     *
     * @param both its first half is what the activation is for
     */
    public Value gated(Value x, Dense both, Activation activation) {
        count(both);
        return products.gated(x, both, activation);
    }

    /** A product with dropout, and then a sum: {@code residual + dropout(x · layer)}. bfloat16 products meet float32 residuals. */
    public Value denseOnto(Value residual, Value x, Dense layer, double dropout) {
        count(layer);
        return products.denseOnto(residual, x, layer, dropout);
    }

    /** One of the products that {@link #split} computes together, of numbers that belong to no token; within {@link #constant}. */
    public Value part(Value x, List<Dense> layers, int number) {
        if (learns()) {
            return products.dense(x, layers.get(number));
        }
        Dense all = Dense.stacked(layers);
        long from = number * all.outOfEach();
        Value weight = layers.size() > 1 ? products.weightAsItIs(all) : tensors.weight(all);
        String rows = "torch.slice(%s, 0, " + from + ", " + (from + all.outOfEach()) + ", 1)";
        return let("torch.linear(%s, %s, %s)", x, rows.formatted(weight), rows.formatted(tensors.bias(all)));
    }

    /** A dense layer whose outcome is the first residual, which all others are added to: in float32 while it learns. */
    public Value residualDense(Value x, Dense layer) {
        return learns() ? headDense(x, layer) : dense(x, layer);
    }

    /** A product for a head, which is small: in float32 while it learns. */
    public Value headDense(Value x, Dense layer) {
        count(layer);
        return let("torch.linear(%s, %s, %s)", x, tensors.weight(layer), tensors.bias(layer));
    }

    /**
     * Several products of the same numbers, which are one where it answers: that is faster.
     *
     * @param x {@code [rows, width, in]}
     * @param layers of the same sizes, with biases
     * @param heads a divisor of their outputs
     * @return for each layer {@code [rows, heads, width, out / heads]}
     */
    public List<Value> split(Value x, List<Dense> layers, int heads) {
        long each = layers.get(0).out() / heads;
        if (learns()) {
            return layers.stream()
                    .map(layer -> let(
                            "torch.transpose(torch.view(%s, [%s, -1, %d, %d]), 1, 2)",
                            dense(x, layer), rows(), heads, each))
                    .toList();
        }
        Value all = let("torch.permute(%s, [2, 0, 3, 1, 4])", byHeads(x, Dense.stacked(layers), layers.size(), heads));
        return IntStream.range(0, layers.size())
                .mapToObj(i -> let("torch.select(%s, 0, %d)", all, i))
                .toList();
    }

    /**
     * A product that is several, as they lie in it.
     *
     * @return {@code [rows, width, parts, heads, layer.out() / parts / heads]}
     */
    public Value byHeads(Value x, Dense layer, int parts, int heads) {
        return let(
                "torch.view(%s, [%s, -1, %d, %d, %d])",
                dense(x, layer), rows(), parts, heads, layer.out() / parts / heads);
    }

    /**
     * Scaled dot-product attention.
     *
     * @param qkv each {@code [rows, heads, width, each]}; of other tokens than keys and values the queries may be
     * @param mask bool (false is hidden) or what is added to the products, broadcastable to {@code [rows, heads, queries, keys]}
     * @param hidden heads times each
     * @return {@code [rows, queries, hidden]}
     */
    public Value attention(List<Value> qkv, Value mask, long hidden, double dropout) {
        return attention(qkv, mask, "", hidden, dropout);
    }

    /** The same, where queries times keys are multiplied by {@code scale} instead of one over the root of each. */
    public Value attention(List<Value> qkv, Value mask, double scale, long hidden, double dropout) {
        return attention(qkv, mask, ", scale=" + scale, hidden, dropout);
    }

    private Value attention(List<Value> qkv, Value mask, String scale, long hidden, double dropout) {
        return let(
                "torch.reshape(torch.transpose(%s, 1, 2), [%s, -1, %d])",
                attended(qkv, mask, scale, dropout), rows(), hidden);
    }

    /** The same for other numbers of queries and keys: {@code [rows, heads, queries, each]}. */
    public Value attended(List<Value> qkv, Value mask, double dropout) {
        return attended(qkv, mask, "", dropout);
    }

    private Value attended(List<Value> qkv, Value mask, String scale, double dropout) {
        return let(
                "torch.scaled_dot_product_attention(%s, %s, %s, %s, %s, False%s)",
                qkv.get(0), qkv.get(1), qkv.get(2), mask, learns() ? attentionDropout(dropout) : "0.", scale);
    }

    private Value attentionDropout(double share) {
        return once(List.of("attention dropout", share), () -> {
            Value value = let("0.");
            body.lines().append("    if self.training:\n      %s = %s\n".formatted(value, share));
            return value;
        });
    }

    /** True if this is written for learning. */
    public boolean learns() {
        return variant instanceof ArchiveVariant.Training;
    }

    private boolean packs() {
        return variant instanceof ArchiveVariant.Inference inference
                && inference.layout() == ArchiveVariant.Layout.PACKED;
    }

    /** Multiplications of dense layers for each token; those of the first token alone are few and not among them. */
    public long multiplications() {
        return multiplications;
    }

    /** The tensors that are read, in the order of the first use. */
    public List<Parameter> parameters() {
        return tensors.parameters();
    }

    /**
     * The module that answers with a value.
     *
     * @param weights at least all {@link #parameters}
     */
    public ScriptModule module(Value answer, Map<String, Tensor> weights) {
        return new ScriptModule(
                CLASS,
                source(answer),
                learns() ? Dtype.FLOAT32 : variant.compute(),
                learns() ? ScriptModule.Gradients.REQUIRED : ScriptModule.Gradients.NONE,
                tensors.stored(weights),
                packs() ? List.of(TRAINING, PACKED) : List.of(TRAINING));
    }

    private String source(Value answer) {
        String self = "self: " + MODULE + "." + CLASS;
        return "class " + CLASS + "(Module):\n" + tensors.declarations() + "  " + TRAINING + " : bool\n"
                + (packs() ? packing(self) : "")
                + "  def forward(" + self
                + ", input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:\n"
                + (packs() ? "    if torch.__not__(self." + PACKED + "):\n      r = (self).pack()\n" : "")
                + body.lines() + "    return torch.to(" + answer + ", " + Dtype.FLOAT32.torchCode() + ")\n";
    }

    private String packing(String self) {
        return "  " + PACKED + " : bool\n  def pack(" + self + ") -> bool:\n" + constants.lines() + tensors.packing()
                + "    self." + PACKED + " = True\n    return True\n";
    }
}
