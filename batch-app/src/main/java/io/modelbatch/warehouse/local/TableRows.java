package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table's text file, every value as it is written there. Can be read more than once. */
interface TableRows {
    /**
     * Hands out all rows, in the file's order.
     *
     * @throws WarehouseException when the file breaks the format's rules: with file, line and the way out
     */
    void read(Sink sink) throws IOException;

    /** True when the values of a column can be of this type. Known once the rows were read. */
    boolean canBe(String column, ColumnType type);

    /** Receives rows. */
    interface Sink {
        /**
         * A further column, whose value is null in all earlier rows.
         *
         * @param line the line that names it, from 1
         */
        void column(long line, String name);

        /**
         * A row.
         *
         * @param line the line in which it begins, from 1
         * @param values in the order of the columns; those of the last columns may be left out where they are null
         * @return whether more rows are wanted
         */
        boolean row(long line, List<@Nullable String> values) throws IOException;
    }
}
