package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.modelbatch.warehouse.TableLoad;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tables that receive rows.
 *
 * @param client asks for them
 * @param project the project of their datasets
 */
record TargetTables(BigQuery client, String project) {
    TableId whole(TableLoad.Target target) {
        String[] parts = target.table().split("\\.", 2);
        return TableId.of(project, parts[0], parts[1]);
    }

    /** The table, or its partition as BigQuery writes it: {@code table$20260331}. */
    TableId destination(TableLoad.Target target) {
        TableId whole = whole(target);
        return target.day() == null
                ? whole
                : TableId.of(
                        project,
                        whole.getDataset(),
                        whole.getTable() + "$" + target.day().format(DateTimeFormatter.BASIC_ISO_DATE));
    }

    /** As it is now. */
    TargetTable see(TableLoad.Target target) {
        Table table = find(target);
        return new TargetTable(target, table == null ? null : table.getDefinition());
    }

    private @Nullable Table find(TableLoad.Target target) {
        try {
            return client.getTable(whole(target));
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain("Table " + target + " cannot be read", e);
        }
    }

    long rows(TableLoad.Target target) {
        Table table = Objects.requireNonNull(find(target), "The table disappeared after its load");
        return Objects.requireNonNull(
                table.<StandardTableDefinition>getDefinition().getNumRows());
    }
}
