package io.modelbatch.source;

import io.modelbatch.artifact.ObjectStore;
import java.nio.file.Path;

/** The warehouses there are. */
public final class Warehouses {
    private Warehouses() {}

    /**
     * Files as tables: {@code shop.lines} is {@code tables/shop/lines.csv}, {@code .jsonl} or {@code .parquet}.
     *
     * @param tables folder of the tables
     * @param pinned folder for pinned results
     * @param shards where results to load are
     */
    public static Warehouse local(Path tables, Path pinned, ObjectStore shards) {
        return new LocalWarehouse(new TableFiles(tables), pinned, shards);
    }
}
