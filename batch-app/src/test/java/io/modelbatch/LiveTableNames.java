package io.modelbatch;

import io.modelbatch.result.RecordSchema;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.LoadRegions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Lets a contract whose tables are {@code shop.x} and {@code out.x} run in one dataset that others use at the same time: each test has
 * table names and ids of its own, and reads in messages the names that it knows.
 */
final class LiveTableNames implements Warehouse {
    private static final Pattern TABLE = Pattern.compile("\\b(shop|out)\\.(\\w+)");

    private final Warehouse warehouse;
    private final String dataset;
    private final String prefix;

    /**
     * Of a test.
     *
     * @param prefix what the names of its tables begin with
     */
    LiveTableNames(Warehouse warehouse, String dataset, String prefix) {
        this.warehouse = warehouse;
        this.dataset = dataset;
        this.prefix = prefix;
    }

    /** {@code t7_shop_x} for {@code shop.x}. */
    String table(String name) {
        return prefix + name.replace('.', '_');
    }

    private String in(String text) {
        return TABLE.matcher(text).replaceAll(dataset + "." + prefix + "$1_$2");
    }

    private String out(String text) {
        return text.replaceAll(Pattern.quote(dataset + "." + prefix) + "(shop|out)_", "$1.")
                .replace(prefix.replace('_', '-'), "");
    }

    private String id(String id) {
        return prefix.replace('_', '-') + id;
    }

    private Extraction in(Extraction asked) {
        return new Extraction(
                id(asked.id()),
                in(asked.query()),
                asked.parameters(),
                asked.key(),
                asked.uses(),
                asked.partitions(),
                asked.billing());
    }

    private TableLoad.Target in(TableLoad.Target target) {
        return new TableLoad.Target(in(target.table()), target.day(), target.mode());
    }

    private <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (WarehouseException e) {
            throw new WarehouseException(out(String.valueOf(e.getMessage())), e);
        }
    }

    @Override
    public PinnedInput extract(Extraction extraction) {
        return translated(() -> warehouse.extract(in(extraction)));
    }

    @Override
    public Optional<Long> bytesRead(PinnedInput input) {
        return warehouse.bytesRead(input);
    }

    @Override
    public RowReader read(PinnedInput input, int partition, List<String> columns, ReadPosition from) {
        return translated(() -> warehouse.read(input, partition, columns, from));
    }

    @Override
    public long pinnedBytes(String id) {
        return warehouse.pinnedBytes(id(id));
    }

    @Override
    public void unpin(String id) {
        warehouse.unpin(id(id));
    }

    @Override
    public long load(TableLoad load) {
        return translated(() -> warehouse.load(new TableLoad(
                id(load.id()),
                in(load.target()),
                load.format(),
                load.shards(),
                load.columns(),
                load.rows(),
                load.labels())));
    }

    @Override
    public Preview verify(Extraction extraction) {
        return translated(() -> warehouse.verify(in(extraction)));
    }

    @Override
    public String verify(TableLoad.Target target) {
        return translated(() -> out(warehouse.verify(in(target))));
    }

    @Override
    public void verify(TableLoad.Target target, String format, List<RecordSchema.Field> columns) {
        translated(() -> {
            warehouse.verify(in(target), format, columns);
            return columns;
        });
    }

    @Override
    public Optional<LoadRegions> loadRegions() {
        return warehouse.loadRegions();
    }

    @Override
    public void close() {
        warehouse.close();
    }
}
