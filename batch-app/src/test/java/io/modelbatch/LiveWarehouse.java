package io.modelbatch;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableId;
import io.modelbatch.result.JsonLines;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseContract;
import io.modelbatch.warehouse.google.BigQueryWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Run by the live test kit alone. */
@Execution(ExecutionMode.CONCURRENT)
class LiveWarehouse extends WarehouseContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    private Path folder;

    private LivePlace place;
    private String prefix;
    private LiveTableNames warehouse;

    @BeforeEach
    void open() throws IOException {
        place = LivePlace.inUse();
        prefix = "t" + TESTS.incrementAndGet() + "_";
        warehouse = new LiveTableNames(
                BigQueryWarehouse.open(place.googleProject(), place.google().bigQuery()), place.dataset(), prefix);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Override
    protected Warehouse warehouse() {
        return warehouse;
    }

    @Override
    protected void table(String name, List<String> columns, List<List<@Nullable Object>> rows) {
        try {
            Path file = folder.resolve(name + ".jsonl");
            JsonLines.write(objects(columns, rows), file);
            place.bigQuery().delete(TableId.of(place.dataset(), warehouse.table(name)));
            new LiveSeed(place).load(warehouse.table(name), schema(columns, rows), "seeds/" + prefix + name, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema schema(List<String> columns, List<List<@Nullable Object>> rows) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            boolean number = rows.stream().anyMatch(row -> row.get(column) instanceof Number);
            fields.add(Field.of(columns.get(i), number ? StandardSQLTypeName.INT64 : StandardSQLTypeName.STRING));
        }
        return Schema.of(fields);
    }

    @Override
    protected StoredObject shard(String name, Path file) throws IOException {
        return place.put("shards/" + prefix + name, file);
    }

    @Override
    protected List<List<@Nullable Object>> loaded(String columns) throws SQLException {
        return new LiveTableCopy(place.bigQuery(), TableId.of(place.dataset(), warehouse.table("out.scores")), folder)
                .rows("SELECT " + columns + " FROM copy ORDER BY id");
    }
}
