package io.modelbatch.warehouse.google;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.TableName;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.WarehouseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out what the credentials may do, by trying what leaves nothing behind. */
final class VerifyAccess {
    private static final String EDITOR = "Grant roles/bigquery.dataEditor on the dataset";
    /** A table that was made to try, and that nobody removed, expires. */
    private static final Duration TRIAL = Duration.ofHours(1);

    private final BigQuery client;
    private final BigQueryReadClient storage;
    private final TargetTables targets;
    private final BigQuerySettings settings;

    VerifyAccess(BigQuery client, BigQueryReadClient storage, TargetTables targets, BigQuerySettings settings) {
        this.client = client;
        this.storage = storage;
        this.targets = targets;
        this.settings = settings;
    }

    String toPin() {
        Dataset dataset = dataset(settings.dataset());
        String reading = onTrialTable(settings.dataset(), trial -> {
            refuseWithout(List.of("getData", "updateData", "update"), trial, "Tables of dataset " + settings.dataset());
            return reading(trial);
        });
        Long expiration = dataset.getDefaultTableLifetime();
        return "is in " + dataset.getLocation() + "; tables can be made and removed; "
                + reading
                + (expiration == null
                        ? ""
                        : "; tables expire after "
                                + Duration.ofMillis(expiration).toDays() + " days");
    }

    /** A table that is there is asked for its permissions; where there is none yet, one is made for that and removed. */
    String toLoad(TableLoad.Target target) {
        TableId whole = targets.whole(target);
        dataset(whole.getDataset());
        TargetTable table = targets.see(target);
        if (!table.isThere()) {
            return onTrialTable(whole.getDataset(), trial -> {
                refuseWithout(toWrite(table), trial, "Tables of dataset " + whole.getDataset());
                return "does not exist yet; 'load' creates it";
            });
        }
        table.refuseOtherKinds();
        refuseWithout(toWrite(table), whole, "Table " + target);
        return targets.rows(target) + " rows are there; they can be written";
    }

    /** Verifies that the table takes such rows as it is. */
    void toLoad(TableLoad.Target target, Schema rows) {
        TargetTable table = targets.see(target);
        table.refuseOtherKinds();
        table.refuseChanges(rows);
    }

    /** WRITE_TRUNCATE, which replaces a day and makes a table, needs the permission to update the table too. */
    private static List<String> toWrite(TargetTable table) {
        return table.disposition() == WriteDisposition.WRITE_TRUNCATE
                ? List.of("updateData", "update")
                : List.of("updateData");
    }

    private void refuseWithout(List<String> rights, TableId table, String what) {
        List<String> needed =
                rights.stream().map(right -> "bigquery.tables." + right).toList();
        List<String> granted = asked(() -> client.testIamPermissions(table, needed), what);
        List<String> lacking = needed.stream()
                .filter(permission -> granted == null || !granted.contains(permission))
                .toList();
        if (!lacking.isEmpty()) {
            throw new WarehouseException(what + " cannot be used with these credentials, which lack "
                    + String.join(", ", lacking) + ". " + EDITOR);
        }
    }

    private Dataset dataset(String name) {
        DatasetId id = DatasetId.of(targets.project(), name);
        Dataset dataset = asked(() -> client.getDataset(id), "Dataset " + name);
        if (dataset == null) {
            throw new WarehouseException("There is no dataset " + name + " in project " + targets.project()
                    + "; make it with: bq --location=" + settings.location() + " mk " + targets.project() + ":" + name);
        }
        if (!settings.location().equalsIgnoreCase(dataset.getLocation())) {
            throw new WarehouseException("Dataset " + name + " is in " + dataset.getLocation() + ", and jobs run in "
                    + settings.location() + "; both must be in one location. Name a dataset in " + settings.location()
                    + " (bq --location=" + settings.location() + " mk " + targets.project()
                    + ":NAME); where all data is in "
                    + dataset.getLocation() + ", set modelbatch.gcp.location=" + dataset.getLocation());
        }
        return dataset;
    }

    /** Without sessions rows can be read too, and a person may want to know that this takes long. */
    private String reading(TableId table) {
        try {
            storage.createReadSession(CreateReadSessionRequest.newBuilder()
                    .setParent("projects/" + targets.project())
                    .setReadSession(ReadSession.newBuilder()
                            .setTable(TableName.format(table.getProject(), table.getDataset(), table.getTable()))
                            .setDataFormat(DataFormat.ARROW))
                    .setMaxStreamCount(1)
                    .build());
            return "rows are read by the Storage Read API";
        } catch (PermissionDeniedException e) {
            if (!BigQueryFailures.lacksSessions(e)) {
                throw BigQueryFailures.explain("A read session cannot be made", e);
            }
            return "rows are read page by page, twenty times slower than by the Storage Read API, which the role"
                    + " roles/bigquery.readSessionUser on the project grants";
        } catch (ApiException e) {
            throw BigQueryFailures.explain("A read session cannot be made", e);
        }
    }

    private String onTrialTable(String dataset, Function<TableId, String> question) {
        TableId id = TableId.of(
                targets.project(),
                dataset,
                "modelbatch_check_" + UUID.randomUUID().toString().replace('-', '_'));
        TableInfo trial = TableInfo.newBuilder(
                        id, StandardTableDefinition.of(Schema.of(Field.of("id", StandardSQLTypeName.STRING))))
                .setExpirationTime(Instant.now().plus(TRIAL).toEpochMilli())
                .build();
        asked(() -> client.create(trial), "Dataset " + dataset + ": no table can be made");
        try {
            return question.apply(id);
        } finally {
            asked(() -> client.delete(id), "Dataset " + dataset + ": no table can be removed");
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask();
    }

    private static <T extends @Nullable Object> T asked(Question<T> question, String what) {
        try {
            return question.ask();
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(what, e);
        }
    }
}
