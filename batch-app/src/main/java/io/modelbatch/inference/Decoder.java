package io.modelbatch.inference;

import io.modelbatch.result.Column;
import io.modelbatch.result.RecordSchema;
import java.util.List;
import java.util.Map;

/** Makes answers of a model's numbers, row by row. */
interface Decoder {
    /** The columns of an answer. */
    List<RecordSchema.Field> columns();

    /** True if it must know where in the text tokens come from. */
    default boolean needsPlaces() {
        return false;
    }

    /** Begins the answers of a block of so many rows. */
    Output begin(int rows);

    /**
     * The answers of a block.
     *
     * @param columns the columns by name
     * @param rows sets the values of a row in them
     */
    record Output(Map<String, Column> columns, Rows rows) {}

    /** Decodes rows of a block, in any order; several threads may do so at once, each with another row. */
    @FunctionalInterface
    interface Rows {
        /**
         * Sets the values of a row in each column.
         *
         * @param windows of the text, in its order; at least one
         */
        void decode(int row, List<Window> windows);
    }

    /** The mean over the windows of a text, each with the weight of its tokens; of one window its own numbers. */
    static float[] mean(List<Window> windows) {
        float[] first = windows.get(0).numbers();
        if (windows.size() == 1) {
            return first;
        }
        double[] sum = new double[first.length];
        long tokens = 0;
        for (Window window : windows) {
            tokens += window.ids().length();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) window.numbers()[i] * window.ids().length();
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / tokens);
        }
        return mean;
    }
}
