package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * DeBERTa's attention (He et al., 2020): what a token finds in another depends on the words of both, and on each word and the distance
 * between the two.
 *
 * @param hidden numbers per token
 * @param heads attention heads, a divisor of {@code hidden}
 * @param terms the terms that are added to the product of the words
 * @param positions the distances; empty where they are not looked at
 * @param projections the layers that distances go through
 * @param dropout share of the distances' numbers dropped while it learns
 * @param attentionDropout share of attention weights dropped
 */
record DisentangledAttention(
        int hidden,
        int heads,
        Set<Term> terms,
        Optional<RelativePositions> positions,
        Projections projections,
        double dropout,
        double attentionDropout) {
    /** A product with a distance. */
    enum Term {
        /** The looking token's word. */
        C2P,
        /** The word that is looked at. */
        P2C
    }

    /** The layers for distances: their own, or those of the words. */
    enum Projections {
        OWN,
        /** They go through those of queries and keys. */
        SHARED
    }

    /**
     * Writes the attention; its output is {@code [rows, width, hidden]}.
     *
     * @param layer the prefix of its tensors
     */
    Value write(ForwardScript script, Value x, String layer) {
        List<Dense> words = Stream.of("query_proj", "key_proj", "value_proj")
                .map(name -> Dense.named(layer + name, hidden, hidden))
                .toList();
        List<Value> qkv = script.split(x, words, heads);
        int summed = (1 + terms.size()) * (hidden / heads);
        double scale = 1 / Math.sqrt(summed);
        Value mask =
                positions.isPresent() && !terms.isEmpty() ? distances(script, qkv, words, layer, scale) : script.keys();
        return script.attention(qkv, mask, scale, hidden, attentionDropout);
    }

    /** The sum of the terms, {@code [rows, heads, width, width]}, where padding is out of reach. */
    private Value distances(ForwardScript script, List<Value> qkv, List<Dense> words, String layer, double scale) {
        RelativePositions relative = positions.orElseThrow();
        List<Value> scores = new ArrayList<>();
        if (terms.contains(Term.P2C)) {
            Dense own = Dense.named(layer + "pos_query_proj", hidden, hidden);
            Value queries = projected(script, relative.ascending(script), words, 0, own, scale);
            Value byKey = byDistance(script, qkv.get(1), queries, script.width());
            scores.add(script.let("torch.contiguous(torch.transpose(%s, 2, 3))", byKey));
        }
        if (terms.contains(Term.C2P)) {
            Dense own = Dense.named(layer + "pos_key_proj", hidden, hidden);
            Value keys = projected(script, relative.descending(script), words, 1, own, scale);
            scores.add(byDistance(script, qkv.get(0), keys, script.let("torch.sub(%s, 1)", script.width())));
        }
        Value hidden = script.once("hidden keys", () -> script.let("torch.logical_not(%s)", script.keys()));
        return scores.size() == 1
                ? script.let("torch.masked_fill(%s, %s, -inf)", scores.get(0), hidden)
                : script.let("torch.masked_fill_(torch.add_(%s, %s), %s, -inf)", scores.get(0), scores.get(1), hidden);
    }

    /** Distances as keys or queries, {@code [heads, 2 · width, each]}; what does not depend on the texts is computed once. */
    private Value projected(ForwardScript script, Value rows, List<Dense> words, int number, Dense own, double scale) {
        RelativePositions relative = positions.orElseThrow();
        if (script.learns()) {
            Value dropped = script.dropout(relative.table(script), dropout);
            Value used = script.let("torch.embedding(%s, %s)", dropped, rows);
            return byHeads(script, used, words, number, own, scale);
        }
        Value all = script.constant(() -> byHeads(script, relative.table(script), words, number, own, scale));
        return script.let("torch.index_select(%s, 1, %s)", all, rows);
    }

    private Value byHeads(ForwardScript script, Value rows, List<Dense> words, int number, Dense own, double scale) {
        Value projected = projections == Projections.SHARED
                ? script.part(rows, words, number)
                : script.part(rows, List.of(own), 0);
        return script.let(
                "torch.transpose(torch.view(torch.mul(%s, %s), [-1, %d, %d]), 0, 1)",
                projected, scale, heads, hidden / heads);
    }

    /**
     * Products of tokens with distances. Each token's row holds all distances in order; reading it one number further from token to
     * token gives the distance to each other token, so nothing is copied.
     *
     * @param tokens {@code [rows, heads, width, each]}
     * @param table {@code [heads, 2 · width, each]}
     * @param first where the first token's distance to the first is found
     * @return {@code [rows, heads, width, width]}
     */
    private Value byDistance(ForwardScript script, Value tokens, Value table, Value first) {
        Value width = script.width();
        Value flat =
                script.let("torch.reshape(torch.transpose(%s, 0, 1), [%d, -1, %d])", tokens, heads, hidden / heads);
        Value products = script.let(
                "torch.view(torch.bmm(%s, torch.transpose(%s, 1, 2)), [%d, %s, -1])",
                flat, table, heads, script.rows());
        Value step = script.let("torch.sub(torch.mul(%s, 2), 1)", width);
        Value used = script.let(
                "torch.slice(%1$s, 2, %2$s, torch.add(%2$s, torch.mul(%3$s, %4$s)), 1)", products, first, step, width);
        Value skewed = script.let(
                "torch.slice(torch.view(%s, [%d, %s, %s, %s]), 3, 0, %s, 1)",
                used, heads, script.rows(), width, step, width);
        return script.let("torch.transpose(%s, 0, 1)", skewed);
    }
}
