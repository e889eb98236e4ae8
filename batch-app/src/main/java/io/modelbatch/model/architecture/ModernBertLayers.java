package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/**
 * ModernBERT's embeddings and blocks, which normalise before they compute.
 *
 * @param prefix of the tensors' names: {@code model.}
 * @param vocabulary number of token ids
 * @param hidden numbers per token
 * @param heads attention heads, a divisor of {@code hidden}
 * @param intermediate numbers per token inside a block
 * @param activation the non-linearity there
 * @param attention the attention of each block
 * @param biases which layers add something
 * @param eps a small number that keeps a layer norm from dividing by zero
 * @param dropout the share of numbers that is dropped while it learns
 */
record ModernBertLayers(
        String prefix,
        int vocabulary,
        int hidden,
        int heads,
        int intermediate,
        Activation activation,
        List<Attention> attention,
        Biases biases,
        double eps,
        Dropout dropout) {
    /**
     * The attention of a block.
     *
     * @param rotary the positions
     * @param reach how far a token sees to both sides; 0 for the whole text
     */
    record Attention(RotaryPositions rotary, int reach) {}

    /** Which layers add something. */
    record Biases(boolean attention, boolean mlp, boolean norm) {}

    /** Shares of numbers dropped. */
    record Dropout(double embeddings, double attention, double mlp) {}

    /** The last hidden states of the tokens that are wanted. */
    Value write(ForwardScript script, OutputTokens wanted) {
        Value words = script.embedding(prefix + "embeddings.tok_embeddings", vocabulary, hidden, script.ids());
        Value x = script.dropout(norm(script, words, prefix + "embeddings.norm"), dropout.embeddings());
        for (int i = 0; i < attention.size(); i++) {
            x = block(script, x, i, wanted.ofBlock(i, attention.size()));
        }
        return norm(script, x, prefix + "final_norm");
    }

    /** The embeddings are normalised already, so the first block does not do it again. */
    private Value block(ForwardScript script, Value x, int number, OutputTokens wanted) {
        String layer = prefix + "layers." + number + ".";
        Value normal = number == 0 ? x : norm(script, x, layer + "attn_norm");
        Value attended = attended(script, normal, layer + "attn.Wqkv", attention.get(number));
        Dense projection = new Dense(List.of(layer + "attn.Wo"), hidden, hidden, biases.attention());
        Value middle =
                script.denseOnto(wanted.of(script, x), wanted.of(script, attended), projection, dropout.attention());
        Dense up = new Dense(List.of(layer + "mlp.Wi"), 2L * intermediate, hidden, biases.mlp());
        Value gated = script.gated(norm(script, middle, layer + "mlp_norm"), up, activation);
        Dense down = new Dense(List.of(layer + "mlp.Wo"), hidden, intermediate, biases.mlp());
        return script.denseOnto(middle, script.dropout(gated, dropout.mlp()), down, 0);
    }

    private Value attended(ForwardScript script, Value x, String name, Attention how) {
        Dense layer = new Dense(List.of(name), 3L * hidden, hidden, biases.attention());
        Value all = script.byHeads(x, layer, 3, heads);
        Value turned = how.rotary().write(script, script.let("torch.slice(%s, 2, 0, 2, 1)", all));
        String part = "torch.transpose(torch.select(%s, 2, %d), 1, 2)";
        List<Value> qkv = List.of(script.let(part, turned, 0), script.let(part, turned, 1), script.let(part, all, 2));
        return how.reach() == 0
                ? script.attention(qkv, script.keys(), hidden, dropout.attention())
                : new SlidingWindowAttention(how.reach(), hidden, heads).write(script, qkv, dropout.attention());
    }

    /** Layer norm over the last dimension. */
    Value norm(ForwardScript script, Value x, String name) {
        return biases.norm()
                ? script.layerNorm(x, name, hidden, eps)
                : script.layerNormWithoutBias(x, name, hidden, eps);
    }
}
