package io.modelbatch;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The local environment, in a folder. */
record LocalShop(Path folder, Map<String, String> environment) implements CrashContract.Shop {
    @Override
    public void table(String name, String csv) {
        new CommandLine(folder).table(name, csv);
    }

    @Override
    public void model(String path, Path directory) {
        new CommandLine(folder).model(path, directory);
    }

    @Override
    public ObjectStore store() {
        return ObjectStores.folder(folder.resolve("local/buckets"));
    }

    @Override
    public ObjectUri runs() {
        return ObjectUri.parse("gs://modelbatch/runs");
    }

    @Override
    public List<List<@Nullable Object>> rows(String table) throws SQLException {
        return AnsweredRows.read(folder.resolve("local/warehouse/" + table.replace('.', '/') + ".parquet")
                .toString());
    }
}
