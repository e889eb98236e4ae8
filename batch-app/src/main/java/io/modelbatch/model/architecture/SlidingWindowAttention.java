package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/**
 * Sliding-window attention to the tokens nearby (Beltagy et al., 2020). A long text is cut into blocks, each of which looks at itself and at what is
 * within reach of its ends, so that the work grows with the length and not with its square; a short text is one block.
 *
 * @param reach how far a token sees to both sides
 * @param hidden heads times numbers of each
 * @param heads attention heads
 */
record SlidingWindowAttention(int reach, int hidden, int heads) {
    /** A text of less than three such blocks is not cut: moving its numbers would cost more than what is out of reach. */
    private static final int BLOCK_IN_REACHES = 2;

    /**
     * Writes the attention.
     *
     * @param qkv each {@code [rows, heads, width, each]}
     * @return {@code [rows, width, hidden]}
     */
    Value write(ForwardScript script, List<Value> qkv, double dropout) {
        Value blocks = blocks(script);
        Value block = block(script);
        Value queries = script.let(
                "torch.view(torch.constant_pad_nd(%s, [0, 0, 0, %s]), [%s, %d, %s, %s, %d])",
                qkv.get(0), missing(script), script.rows(), heads, blocks, block, hidden / heads);
        List<Value> cut = List.of(
                script.let(
                        "torch.reshape(torch.permute(%s, [0, 2, 1, 3, 4]), [-1, %d, %s, %d])",
                        queries, heads, block, hidden / heads),
                windows(script, qkv.get(1)),
                windows(script, qkv.get(2)));
        Value attended = script.attended(cut, mask(script), dropout);
        Value joined =
                script.let("torch.reshape(torch.transpose(%s, 1, 2), [%s, -1, %d])", attended, script.rows(), hidden);
        return script.let("torch.contiguous(torch.slice(%s, 1, 0, %s, 1))", joined, script.width());
    }

    /** For each block the keys or values that it looks at: {@code [rows · blocks, heads, window, each]}. */
    private Value windows(ForwardScript script, Value x) {
        Value padded = script.let(
                "torch.constant_pad_nd(%1$s, [0, 0, %2$s, torch.add(%2$s, %3$s)])", x, extra(script), missing(script));
        Value unfolded = script.let("torch.unfold(%s, 2, %s, %s)", padded, window(script), block(script));
        return script.let(
                "torch.reshape(torch.permute(%s, [0, 2, 1, 4, 3]), [-1, %d, %s, %d])",
                unfolded, heads, window(script), hidden / heads);
    }

    /**
     * Which keys of its window each query of a block sees, {@code [rows · blocks, 1, block, window]}. Padding sees all: if it saw
     * none, what came of it would be no numbers.
     */
    private Value mask(ForwardScript script) {
        return script.once(key("mask"), () -> {
            Value tokens = script.let(
                    "torch.constant_pad_nd(%1$s, [%2$s, torch.add(%2$s, %3$s)])",
                    script.mask(), extra(script), missing(script));
            Value keys = script.let(
                    "torch.ne(torch.unsqueeze(torch.unfold(%s, 1, %s, %s), 2), 0)",
                    tokens, window(script), block(script));
            Value padding = script.let(
                    "torch.eq(torch.view(torch.constant_pad_nd(%s, [0, %s]), [%s, %s, %s, 1]), 0)",
                    script.mask(), missing(script), script.rows(), blocks(script), block(script));
            Value seen =
                    script.let("torch.logical_or(torch.logical_and(%s, %s), %s)", keys, withinReach(script), padding);
            return script.let("torch.view(%s, [-1, 1, %s, %s])", seen, block(script), window(script));
        });
    }

    /** {@code [block, window]}. */
    private Value withinReach(ForwardScript script) {
        String range = "torch.arange(%s, dtype=4, layout=None, device=ops.prim.device(%s), pin_memory=False)";
        Value queries = script.let("torch.add(" + range + ", %s)", block(script), script.ids(), extra(script));
        Value keys = script.let(range, window(script), script.ids());
        return script.let("torch.le(torch.abs(torch.sub(torch.unsqueeze(%s, 1), %s)), %d)", queries, keys, reach);
    }

    private Value blocks(ForwardScript script) {
        return script.once(
                key("blocks"),
                () -> script.let(
                        "ops.prim.max(torch.sub(torch.floordiv(%s, %d), 1), 1)",
                        script.width(), BLOCK_IN_REACHES * reach));
    }

    /** Queries of a block. */
    private Value block(ForwardScript script) {
        return script.once(
                key("block"),
                () -> script.let(
                        "torch.floordiv(torch.sub(torch.add(%1$s, %2$s), 1), %2$s)", script.width(), blocks(script)));
    }

    /** The rows that the last block lacks. */
    private Value missing(ForwardScript script) {
        return script.once(
                key("missing"),
                () -> script.let("torch.sub(torch.mul(%s, %s), %s)", blocks(script), block(script), script.width()));
    }

    /** Keys beyond a block's ends: none where it is the only one. */
    private Value extra(ForwardScript script) {
        return script.once(
                key("extra"),
                () -> script.let("ops.prim.min(torch.mul(torch.sub(%s, 1), %d), %d)", blocks(script), reach, reach));
    }

    private Value window(ForwardScript script) {
        return script.once(
                key("window"), () -> script.let("torch.add(%s, torch.mul(%s, 2))", block(script), extra(script)));
    }

    private List<Object> key(String name) {
        return List.of(name, reach);
    }
}
