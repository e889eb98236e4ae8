package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;
import io.modelbatch.model.tensor.Dtype;

/** Texts as points, as sentence-transformers' modules {@code Pooling} and {@code Normalize} compute them. */
final class Pooled {
    private Pooled() {}

    /** The tokens that are read. */
    static Tokens tokens(Head.Pooling pooling) {
        return pooling == Head.Pooling.CLS ? Tokens.FIRST : Tokens.ALL;
    }

    /** {@code [rows, hidden]}, in float32 from the states on, as there. */
    static Value embedding(Script script, Value states, Head.Embedding head) {
        Value pooled = pooled(script, states, head.pooling());
        return head.scale() == Head.Scale.AS_IT_IS
                ? pooled
                : script.let("torch.div(%1$s, torch.clamp_min(torch.norm(%1$s, 2, [1], True), 1.0E-12))", pooled);
    }

    private static Value pooled(Script script, Value states, Head.Pooling pooling) {
        int float32 = Dtype.FLOAT32.torchCode();
        if (pooling == Head.Pooling.CLS) {
            return script.let("torch.to(%s, %d)", Classifiers.firstToken(script, states), float32);
        }
        Value numbers = script.let("torch.to(%s, %d)", states, float32);
        Value tokens = script.let("torch.unsqueeze(%s, 2)", script.mask());
        if (pooling == Head.Pooling.MAX) {
            return script.let("torch.amax(torch.masked_fill(%s, torch.eq(%s, 0), -1.0E9), [1])", numbers, tokens);
        }
        Value sum = script.let("torch.sum(torch.mul(%s, %s), [1])", numbers, tokens);
        Value length = script.let("torch.to(torch.sum(%s, [1]), %d)", tokens, float32);
        return pooling == Head.Pooling.MEAN
                ? script.let("torch.div(%s, %s)", sum, length)
                : script.let("torch.div(%s, torch.sqrt(%s))", sum, length);
    }
}
