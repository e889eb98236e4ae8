package io.modelbatch.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** TorchScript of BERT. The same text, with or without dropout, with query, key and value apart or fused. */
final class BertScript {
    static final String CLASS = "Classifier";
    private static final String MODULE = "__torch__." + Pickle.SOURCE;
    private static final List<String> FUSED = List.of("attention.self.qkv");
    private static final List<String> APART =
            List.of("attention.self.query", "attention.self.key", "attention.self.value");
    private static final List<String> REST = List.of(
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    private final ModelConfig config;
    private final ModelConfig.Sizes sizes;
    private final List<String> projections;
    private final String linear;
    private final boolean learns;

    private BertScript(ModelConfig config, List<String> projections, String linear) {
        this.config = config;
        this.sizes = config.sizes();
        this.projections = projections;
        this.linear = linear;
        this.learns = projections.equals(APART);
    }

    static String layer(int number) {
        return "bert.encoder.layer." + number + ".";
    }

    /** Without dropout; query, key and value are one tensor {@code qkv}. */
    static String inference(ModelConfig config, List<String> tensors) {
        return new BertScript(config, FUSED, "torch.linear(x, w, b)").source(tensors);
    }

    /** With dropout; bfloat16 casts float32 weights for each product of the encoder. */
    static String training(ModelConfig config, List<String> tensors, Dtype compute) {
        int code = compute.torchCode();
        String linear = compute == Dtype.FLOAT32
                ? "torch.linear(x, w, b)"
                : "torch.linear(torch.to(x, %1$d), torch.to(w, %1$d), torch.to(b, %1$d))".formatted(code);
        return new BertScript(config, APART, linear).source(tensors);
    }

    private String source(List<String> tensors) {
        return """
                def dense(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                  return %s
                """.formatted(linear) + layerFunction() + classHeader(tensors) + forward();
    }

    /** One transformer block. bfloat16 products meet float32 residuals in {@code add}, which widens. */
    private String layerFunction() {
        return """
                def layer(x: Tensor, mask: Tensor, training: bool, %s, ow: Tensor, ob: Tensor, g1: Tensor, b1: Tensor, \
                iw: Tensor, ib: Tensor, fw: Tensor, fb: Tensor, g2: Tensor, b2: Tensor) -> Tensor:
                  rows = torch.size(x, 0)
                  width = torch.size(x, 1)
                %s  p = 0.
                  if training:
                    p = %s
                  a = torch.scaled_dot_product_attention(q, k, v, mask, p, False)
                  a0 = torch.reshape(torch.transpose(a, 1, 2), [rows, width, %d])
                  h = %s
                  x1 = torch.layer_norm(torch.add(h, x), %s)
                  f0 = %s
                  f = %s
                  return torch.layer_norm(torch.add(f, x1), %s)
                """.formatted(
                        learns
                                ? "qw: Tensor, qb: Tensor, kw: Tensor, kb: Tensor, vw: Tensor, vb: Tensor"
                                : "qw: Tensor, qb: Tensor",
                        projectionLines(),
                        config.dropout().attention(),
                        sizes.hidden(),
                        dropped(dense("a0", "ow", "ob"), "training"),
                        norm("g1", "b1"),
                        config.numerics().activation().script(dense("x1", "iw", "ib")),
                        dropped(dense("f0", "fw", "fb"), "training"),
                        norm("g2", "b2"));
    }

    private String projectionLines() {
        int width = sizes.hidden() / sizes.heads();
        if (!learns) {
            return """
                      qkv = torch.permute(torch.view(%s, [rows, width, 3, %d, %d]), [2, 0, 3, 1, 4])
                      q = torch.select(qkv, 0, 0)
                      k = torch.select(qkv, 0, 1)
                      v = torch.select(qkv, 0, 2)
                    """.formatted(dense("x", "qw", "qb"), sizes.heads(), width);
        }
        return Stream.of("q", "k", "v")
                .map(name -> "  %s = torch.transpose(torch.view(%s, [rows, width, %d, %d]), 1, 2)\n"
                        .formatted(name, dense("x", name + "w", name + "b"), sizes.heads(), width))
                .collect(Collectors.joining());
    }

    private static String classHeader(List<String> tensors) {
        String names = tensors.stream().map(name -> '"' + name + "\", ").collect(Collectors.joining());
        String types = tensors.stream()
                .map(name -> "  __annotations__[\"" + name + "\"] = Tensor\n")
                .collect(Collectors.joining());
        return "class " + CLASS + "(Module):\n  __parameters__ = [" + names + "]\n  __buffers__ = []\n" + types
                + "  training : bool\n";
    }

    private String forward() {
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < sizes.layers(); i++) {
            layers.append("    x = %s.layer(x, mask, self.training, %s)\n".formatted(MODULE, layerArguments(layer(i))));
        }
        return """
                  def forward(self: %s.%s, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
                    words = torch.embedding(%s, input_ids)
                    types = torch.embedding(%s, token_type_ids)
                    places = torch.slice(%s, 0, 0, torch.size(input_ids, 1), 1)
                    e = torch.add(torch.add(words, types), places)
                    x = %s
                    mask = torch.unsqueeze(torch.unsqueeze(torch.ne(attention_mask, 0), 1), 1)
                %s    pooled = torch.tanh(torch.linear(torch.select(x, 1, 0), %s))
                    logits = torch.linear(%s, %s)
                    return torch.to(logits, %d)
                """.formatted(
                        MODULE,
                        CLASS,
                        attribute("bert.embeddings.word_embeddings.weight"),
                        attribute("bert.embeddings.token_type_embeddings.weight"),
                        attribute("bert.embeddings.position_embeddings.weight"),
                        dropped(
                                "torch.layer_norm(e, [%d], %s, %s)"
                                        .formatted(
                                                sizes.hidden(),
                                                attributes("bert.embeddings.LayerNorm"),
                                                config.numerics().layerNormEps()),
                                "self.training"),
                        layers,
                        attributes("bert.pooler.dense"),
                        learns
                                ? "torch.dropout(pooled, %s, self.training)"
                                        .formatted(config.dropout().classifier())
                                : "pooled",
                        attributes("classifier"),
                        Dtype.FLOAT32.torchCode());
    }

    private String layerArguments(String layer) {
        List<String> parts = new ArrayList<>(projections);
        parts.addAll(REST);
        return parts.stream().map(part -> attributes(layer + part)).collect(Collectors.joining(", "));
    }

    private static String dense(String input, String weight, String bias) {
        return "%s.dense(%s, %s, %s)".formatted(MODULE, input, weight, bias);
    }

    private String norm(String weight, String bias) {
        return "[%d], %s, %s, %s"
                .formatted(sizes.hidden(), weight, bias, config.numerics().layerNormEps());
    }

    private String dropped(String expression, String training) {
        return learns
                ? "torch.dropout(%s, %s, %s)"
                        .formatted(expression, config.dropout().hidden(), training)
                : expression;
    }

    private static String attribute(String name) {
        return "getattr(self, \"" + name + "\")";
    }

    private static String attributes(String name) {
        return attribute(name + ".weight") + ", " + attribute(name + ".bias");
    }
}
