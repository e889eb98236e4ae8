package io.modelbatch.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder whose files are tables: {@code dataset/table.csv}, {@code .jsonl} or {@code .parquet}. */
record TableFiles(Path folder) {
    private static final Map<String, String> READERS = Map.of(
            ".csv", "read_csv(%s, header = true)",
            ".jsonl", "read_json_auto(%s, format = 'newline_delimited')",
            ".parquet", "read_parquet(%s)");

    /**
     * A file that is a table.
     *
     * @param dataset its folder's name
     * @param name its own name, without the suffix
     * @param file where it is
     * @param relation what reads it in SQL
     */
    record TableFile(String dataset, String name, Path file, String relation) {
        String table() {
            return dataset + "." + name;
        }
    }

    /** All tables, by name. */
    Map<String, TableFile> all() {
        Map<String, TableFile> tables = new TreeMap<>();
        for (Path dataset : children(folder)) {
            if (Files.isDirectory(dataset) && !isHidden(dataset)) {
                children(dataset).forEach(file -> add(String.valueOf(dataset.getFileName()), file, tables));
            }
        }
        return tables;
    }

    /** The Parquet file that {@code load} makes of a table. */
    Path parquet(String table) {
        int dot = table.indexOf('.');
        return dataset(table).resolve(table.substring(dot + 1) + ".parquet");
    }

    /** The folder of a table. */
    Path dataset(String table) {
        return folder.resolve(table.substring(0, table.indexOf('.')));
    }

    /** The file that a load of the table locks. It stays: where it went, two loads could lock two files of its name. */
    Path lock(String table) {
        return dataset(table).resolve("." + table.substring(table.indexOf('.') + 1) + ".lock");
    }

    /** Loads at work make such files. */
    private static boolean isHidden(Path file) {
        return String.valueOf(file.getFileName()).startsWith(".");
    }

    private static void add(String dataset, Path file, Map<String, TableFile> tables) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String reader = dot < 0 ? null : READERS.get(name.substring(dot));
        if (reader == null || isHidden(file) || !Files.isRegularFile(file)) {
            return;
        }
        String relation = reader.formatted(DuckDb.literal(file.toAbsolutePath()));
        TableFile table = new TableFile(dataset, name.substring(0, dot), file, relation);
        TableFile twin = tables.put(table.table(), table);
        if (twin != null) {
            throw new WarehouseException(
                    "Table " + table.table() + " is there twice: " + twin.file + " and " + file + "; remove one");
        }
    }

    /** What a folder holds, by name; nothing when it is none. */
    static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
