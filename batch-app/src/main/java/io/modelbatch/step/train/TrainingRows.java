package io.modelbatch.step.train;

import io.modelbatch.step.InputRows;
import io.modelbatch.training.Holdout;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.LearnedColumn;
import io.modelbatch.training.objective.Row;
import io.modelbatch.training.objective.SplitRows;
import io.modelbatch.training.objective.UnfitRowsException;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pinned rows, as a training and its evaluation read them: the columns of the objective, split by {@link Holdout}. */
final class TrainingRows {
    private TrainingRows() {}

    /**
     * Reads all rows, by partition and key.
     *
     * @throws UnfitRowsException when a value is null
     */
    static SplitRows read(Warehouse warehouse, PinnedInput input, TrainOptions options) {
        List<String> columns =
                options.objective().columns().stream().map(LearnedColumn::name).toList();
        Holdout holdout = new Holdout(options.data().holdout());
        List<Row> training = new ArrayList<>();
        List<Row> heldOut = new ArrayList<>();
        for (InputRows.Row row : InputRows.all(warehouse, input, columns)) {
            (holdout.holds(row.key()) ? heldOut : training).add(complete(row, columns));
        }
        return new SplitRows(training, heldOut);
    }

    private static Row complete(InputRows.Row row, List<String> columns) {
        List<String> values = new ArrayList<>();
        for (String column : columns) {
            @Nullable String value = row.value(column);
            if (value == null) {
                throw new UnfitRowsException("The row with key '" + row.key() + "' has no '" + column
                        + "' (null), and nothing can be learned from it; leave such rows out: WHERE " + column
                        + " IS NOT NULL");
            }
            values.add(value);
        }
        return new Row(row.key(), values);
    }
}
