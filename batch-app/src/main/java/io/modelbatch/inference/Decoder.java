package io.modelbatch.inference;

import java.util.List;

/** Makes answers of a model's numbers, row by row. */
interface Decoder {
    /** The columns of an answer. */
    List<Answers.Column> columns();

    /** The values of a row, one for each column. */
    List<Object> decode(float[] numbers);
}
