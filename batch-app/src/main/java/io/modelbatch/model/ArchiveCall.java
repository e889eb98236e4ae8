package io.modelbatch.model;

import io.modelbatch.model.architecture.Head;
import java.util.List;

/**
 * The arguments and the result of an archive.
 *
 * @param inputs the arguments of {@code forward}, in order, each int64 {@code [rows, width]}
 * @param output which entry is the answer, where {@code forward} returns a dict; of a tuple or a list it is the first tensor
 * @param per the unit of the numbers
 * @param numbers of each
 */
public record ArchiveCall(List<Input> inputs, String output, Per per, int numbers) {
    /** An argument that an archive may take. */
    public enum Input {
        /** The ids of the tokens. */
        INPUT_IDS,
        /** 1 on tokens, 0 on padding. */
        ATTENTION_MASK,
        /** 1 on the second text of a pair, else 0. */
        TOKEN_TYPE_IDS
    }

    /** The unit that an archive returns numbers for. */
    public enum Per {
        /** {@code [rows, numbers]}. */
        TEXT,
        /** {@code [rows, width, numbers]}. */
        TOKEN
    }

    /** Keeps its own copy. */
    public ArchiveCall {
        inputs = List.copyOf(inputs);
    }

    /** The answer that a head's decoder reads. */
    static ArchiveCall of(List<Input> inputs, String output, Head head, int hidden) {
        if (head instanceof Head.TextClassification texts) {
            return new ArchiveCall(inputs, output, Per.TEXT, texts.labels().size());
        } else if (head instanceof Head.TokenClassification tokens) {
            return new ArchiveCall(inputs, output, Per.TOKEN, tokens.labels().size());
        }
        return new ArchiveCall(inputs, output, Per.TEXT, ((Head.Embedding) head).dimensions(hidden));
    }

    /** The shape of the answer to a batch. */
    public List<Long> shape(long rows, long width) {
        return per == Per.TEXT ? List.of(rows, (long) numbers) : List.of(rows, width, (long) numbers);
    }
}
