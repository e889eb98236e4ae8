package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/**
 * The first layer of BERT and its relatives: embeddings of words, token types and positions, added and normalised.
 *
 * @param name of the layer: {@code bert.embeddings.}
 * @param vocabulary number of token ids
 * @param positionRows rows of the table of positions
 * @param tokenTypes number of token types; 0 where the model does not look at them
 * @param width numbers per token
 * @param eps a small number that keeps the layer norm from dividing by zero
 * @param dropout share of numbers dropped while it learns
 */
record Embeddings(
        String name, int vocabulary, int positionRows, int tokenTypes, int width, double eps, double dropout) {
    private static final String POSITIONS = "position_embeddings";

    /** Writes them with positions that are counted from 0. */
    Value counted(ForwardScript script) {
        Value table = script.weight(name + POSITIONS + ".weight", positionRows, width);
        return write(script, script.let("torch.slice(%s, 0, 0, %s, 1)", table, script.width()));
    }

    /**
     * Writes them with positions that are counted from the padding's id on, so the table has that many more rows. A token of that
     * id has the id as its position too, also where it stands in a text.
     */
    Value countedFromPadding(ForwardScript script, int padTokenId) {
        Value tokens = script.let("torch.to(torch.ne(%s, %d), 4)", script.ids(), padTokenId);
        Value places = script.let("torch.add(torch.mul(torch.cumsum(%1$s, 1), %1$s), %2$d)", tokens, padTokenId);
        return write(script, script.embedding(name + POSITIONS, positionRows, width, places));
    }

    /** The longest text that has its positions when they are counted from the padding's id on. */
    int longestFromPadding(int padTokenId) {
        return positionRows - padTokenId - 1;
    }

    private Value write(ForwardScript script, Value positions) {
        Value words = script.embedding(name + "word_embeddings", vocabulary, width, script.ids());
        Value typed = tokenTypes == 0
                ? words
                : script.let(
                        "torch.add(%s, %s)",
                        words, script.embedding(name + "token_type_embeddings", tokenTypes, width, script.types()));
        Value sum = script.let("torch.add(%s, %s)", typed, positions);
        return script.dropout(script.layerNorm(sum, name + "LayerNorm", width, eps), dropout);
    }
}
