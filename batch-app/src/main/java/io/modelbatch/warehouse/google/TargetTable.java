package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.TableLoad.Mode;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table that receives rows, as it is before a load: its columns, modes, partitioning and clustering stay as they are.
 *
 * @param target the table or partition to load
 * @param found the table; null for one that is not there
 */
record TargetTable(TableLoad.Target target, @Nullable TableDefinition found) {
    boolean isThere() {
        return found != null;
    }

    /**
     * The write disposition of a load. WRITE_TRUNCATE would replace the schema of a whole table and remove its row access policies, policy
     * tags, descriptions and keys; in a partition it keeps them.
     */
    WriteDisposition disposition() {
        if (target.mode() == Mode.APPEND) {
            return WriteDisposition.WRITE_APPEND;
        }
        return isThere() && target.day() == null
                ? WriteDisposition.WRITE_TRUNCATE_DATA
                : WriteDisposition.WRITE_TRUNCATE;
    }

    /** The partitioning of a table that the load makes. One that is there has its own, which a job must not name otherwise. */
    @Nullable
    TimePartitioning partitioning() {
        return isThere() || target.day() == null ? null : TimePartitioning.of(TimePartitioning.Type.DAY);
    }

    /** The column that says the day of each row; empty where the service keeps the day beside the rows. */
    Optional<Field> dayColumn() {
        return Optional.ofNullable(days())
                .filter(days -> target.day() != null)
                .map(TimePartitioning::getField)
                .flatMap(this::column);
    }

    private @Nullable TimePartitioning days() {
        return found instanceof StandardTableDefinition definition ? definition.getTimePartitioning() : null;
    }

    private FieldList columns() {
        Schema schema = found == null ? null : found.getSchema();
        return schema == null ? FieldList.of() : schema.getFields();
    }

    private Optional<Field> column(String name) {
        return find(columns(), name);
    }

    private static Optional<Field> find(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.getName().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Refuses anything but a table, and a day of a table that has no days. */
    void refuseOtherKinds() {
        if (found != null && !(found instanceof StandardTableDefinition)) {
            throw new WarehouseException("Table " + target.table() + " is a " + found.getType()
                    + ", and 'load' writes to a table of BigQuery only; load into another table");
        }
        if (found != null && target.day() != null && !isByDay()) {
            throw new WarehouseException("Table " + target.table()
                    + " is not partitioned by date, and is unchanged; leave 'partition' out, or load into a new table");
        }
    }

    private boolean isByDay() {
        TimePartitioning days = days();
        return days != null && days.getType() == TimePartitioning.Type.DAY;
    }

    /** Refuses a load that would change the columns: all that differ at once. */
    void refuseChanges(Schema load) {
        if (found == null) {
            return;
        }
        List<Misfit> misfits = Stream.concat(
                        load.getFields().stream().flatMap(this::misfit),
                        columns().stream().flatMap(column -> missing(column, load)))
                .toList();
        if (!misfits.isEmpty()) {
            throw new WarehouseException("The result does not fit the columns of table " + target.table()
                    + ", and the table is unchanged: "
                    + misfits.stream().map(Misfit::words).collect(Collectors.joining("; ")) + ". " + alteration(misfits)
                    + "Name another table with 'table' of 'load'; or remove this one (bq rm -t " + target.table()
                    + "), and 'load' creates it again");
        }
    }

    /**
     * A column that does not fit a result.
     *
     * @param change the statement's end that makes it fit; empty where no ALTER TABLE does
     */
    private record Misfit(String words, String change) {}

    /** The statements that make all columns fit, as a sentence; empty where there are none. */
    private String alteration(List<Misfit> misfits) {
        return misfits.stream().anyMatch(misfit -> misfit.change().isEmpty())
                ? ""
                : misfits.stream()
                        .map(misfit -> "ALTER TABLE " + target.table() + " " + misfit.change())
                        .collect(Collectors.joining("; ", "Change the table: ", ". "));
    }

    private Stream<Misfit> misfit(Field wanted) {
        Optional<Field> there = column(wanted.getName());
        String type = ShardFormat.sqlType(wanted);
        if (there.isEmpty()) {
            return Stream.of(new Misfit(
                    "it has no column '" + wanted.getName() + "', which would be " + type,
                    "ADD COLUMN " + BigQueryNames.quoted(wanted.getName()) + " " + type));
        }
        return ShardFormat.sqlType(there.get()).equals(type)
                ? Stream.empty()
                : Stream.of(new Misfit(
                        "column '" + wanted.getName() + "' is " + ShardFormat.sqlType(there.get())
                                + ", and the result has " + type,
                        ""));
    }

    private Stream<Misfit> missing(Field column, Schema load) {
        boolean given = find(load.getFields(), column.getName()).isPresent()
                || dayColumn().filter(column::equals).isPresent();
        return given || column.getMode() != Field.Mode.REQUIRED
                ? Stream.empty()
                : Stream.of(new Misfit(
                        "column '" + column.getName() + "' is REQUIRED, and the result lacks it",
                        "ALTER COLUMN " + BigQueryNames.quoted(column.getName()) + " DROP NOT NULL"));
    }

    /** The schema of a load in the modes of the table, which the service compares. */
    Schema adopt(Schema load) {
        return Schema.of(load.getFields().stream()
                .map(field -> column(field.getName())
                        .filter(there -> there.getMode() == Field.Mode.REQUIRED)
                        .map(there ->
                                field.toBuilder().setMode(Field.Mode.REQUIRED).build())
                        .orElse(field))
                .toList());
    }

    /** True if the table, or the one that a load makes, has a REQUIRED column or nested field. */
    boolean requires(Schema load) {
        return requires(isThere() ? columns() : load.getFields());
    }

    private static boolean requires(FieldList fields) {
        return fields.stream()
                .anyMatch(field -> field.getMode() == Field.Mode.REQUIRED
                        || (field.getSubFields() != null && requires(field.getSubFields())));
    }

    /** True if a nested field is REQUIRED in a load and not in the table. Such a load is refused; a query is not. */
    boolean relaxes(Schema load) {
        return load.getFields().stream()
                .filter(field -> field.getSubFields() != null)
                .anyMatch(field -> column(field.getName())
                        .filter(there -> there.getSubFields() != null && relaxes(there.getSubFields(), field))
                        .isPresent());
    }

    private static boolean relaxes(FieldList there, Field wanted) {
        return wanted.getSubFields().stream()
                .filter(inner -> inner.getMode() == Field.Mode.REQUIRED)
                .anyMatch(inner -> find(there, inner.getName())
                        .filter(known -> known.getMode() != Field.Mode.REQUIRED)
                        .isPresent());
    }
}
