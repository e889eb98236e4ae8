package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import io.modelbatch.model.script.ScriptTensors;
import io.modelbatch.model.tensor.Dtype;
import java.util.List;
import java.util.stream.Collectors;

/** Texts as points, as sentence-transformers' modules compute them: in float32 from the states on, as there. */
final class PoolingHead {
    private static final int FLOAT32 = Dtype.FLOAT32.torchCode();
    private static final String SHORTEST = "1.0E-9";

    private final ForwardScript script;
    private final Value states;
    private final int excluded;

    private PoolingHead(ForwardScript script, Value states, int excluded) {
        this.script = script;
        this.states = states;
        this.excluded = excluded;
    }

    /** The tokens that are read. */
    static OutputTokens tokens(Head.Embedding head) {
        return head.pooling().equals(List.of(Head.Pooling.CLS)) && head.excluded() == 0
                ? OutputTokens.FIRST
                : OutputTokens.ALL;
    }

    /** {@code [rows, dimensions]}. */
    static Value embedding(ForwardScript script, Value states, Head.Embedding head) {
        PoolingHead pooled = new PoolingHead(script, states, head.excluded());
        List<Value> points = head.pooling().stream().map(pooled::point).toList();
        Value point = points.size() == 1
                ? points.get(0)
                : script.let(
                        "torch.cat([%s], 1)",
                        points.stream().map(Value::toString).collect(Collectors.joining(", ")));
        for (SentenceLayer layer : head.layers()) {
            point = layer instanceof SentenceLayer.Dense dense
                    ? dense(script, point, dense)
                    : normalized(script, point);
        }
        return point;
    }

    private static Value normalized(ForwardScript script, Value point) {
        return script.let("torch.div(%1$s, torch.clamp_min(torch.norm(%1$s, 2, [1], True), 1.0E-12))", point);
    }

    private static Value dense(ForwardScript script, Value point, SentenceLayer.Dense layer) {
        String name = layer.folder() + ".linear";
        Value weight = inFloat32(script, script.weight(name + ".weight", layer.out(), layer.in()));
        Object bias = layer.biased() ? inFloat32(script, script.bias(name + ".bias", layer.out())) : ScriptTensors.NONE;
        Activation activation = SentenceLayer.Dense.function(layer.activation()).orElseThrow();
        Value product = script.let("torch.linear(%s, %s, %s)", point, weight, bias);
        Value active = script.let(activation.script(product));
        if (!layer.residual()) {
            return active;
        }
        Value residual = layer.in() == layer.out()
                ? point
                : script.let(
                        "torch.linear(%s, %s, None)",
                        point,
                        inFloat32(script, script.weight(layer.folder() + ".residual.weight", layer.out(), layer.in())));
        return script.let("torch.add(%s, %s)", active, residual);
    }

    private static Value inFloat32(ForwardScript script, Value value) {
        return script.compute() == Dtype.FLOAT32 ? value : script.let("torch.to(%s, %d)", value, FLOAT32);
    }

    private Value point(Head.Pooling pooling) {
        return switch (pooling) {
            case CLS ->
                excluded == 0
                        ? script.let("torch.to(%s, %d)", Classifiers.firstToken(script, states), FLOAT32)
                        : at(script.let("torch.argmax(%s, 1)", pooledTokens()));
            case MEAN -> script.let("torch.div(%s, %s)", sum(), length());
            case MEAN_SQRT_LEN_TOKENS -> script.let("torch.div(%s, torch.sqrt(%s))", sum(), length());
            case MAX ->
                script.let(
                        "torch.amax(torch.masked_fill(%s, torch.eq(%s, 0), float(\"-inf\")), [1])",
                        numbers(), columns());
            case WEIGHTEDMEAN -> weightedMean();
            case LASTTOKEN ->
                script.let(
                        "torch.mul(%s, torch.to(torch.gather(%s, 1, torch.unsqueeze(%s, 1)), %d))",
                        at(last()), pooledTokens(), last(), FLOAT32);
        };
    }

    /** 1 on the tokens that are pooled, {@code [rows, width]}. */
    private Value pooledTokens() {
        return excluded == 0
                ? script.mask()
                : script.once(
                        "pooled tokens",
                        () -> script.let("torch.mul(%s, torch.ge(%s, %d))", script.mask(), script.places(), excluded));
    }

    private Value columns() {
        return script.once("pooled columns", () -> script.let("torch.unsqueeze(%s, 2)", pooledTokens()));
    }

    private Value numbers() {
        return script.once("pooled numbers", () -> script.let("torch.to(%s, %d)", states, FLOAT32));
    }

    private Value sum() {
        return script.once("pooled sum", () -> script.let("torch.sum(torch.mul(%s, %s), [1])", numbers(), columns()));
    }

    /** Nothing but a prompt has no tokens, and its sum is 0. */
    private Value length() {
        return script.once(
                "pooled length",
                () -> script.let(
                        "torch.clamp_min(torch.to(torch.sum(%s, [1]), %d), " + SHORTEST + ")", columns(), FLOAT32));
    }

    private Value weightedMean() {
        Value weights = script.let(
                "torch.mul(torch.to(%s, %d), torch.view(torch.add(%s, 1), [1, -1, 1]))",
                columns(), FLOAT32, script.places());
        return script.let(
                "torch.div(torch.sum(torch.mul(%s, %s), [1]), torch.clamp_min(torch.sum(%s, [1]), " + SHORTEST + "))",
                numbers(),
                weights,
                weights);
    }

    private Value last() {
        return script.once("last token", () -> script.let("torch.sub(torch.sum(%s, [1]), 1)", script.mask()));
    }

    /** The numbers of one token of each text, {@code [rows, hidden]}. */
    private Value at(Value places) {
        return script.let(
                "torch.squeeze(torch.gather(%1$s, 1, torch.expand(torch.view(%2$s, [-1, 1, 1]), [-1, 1,"
                        + " torch.size(%1$s, 2)])), 1)",
                numbers(), places);
    }
}
