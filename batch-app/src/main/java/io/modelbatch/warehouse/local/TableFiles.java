package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder whose files are tables: {@code dataset/table.csv}, {@code .tsv}, {@code .jsonl}, {@code .ndjson} or {@code .parquet}. */
public record TableFiles(Path folder) {
    /** The format of a table's file, and the ends of its name, in capitals or not. */
    enum Format {
        CSV(".csv"),
        TSV(".tsv"),
        JSON_LINES(".jsonl", ".ndjson"),
        PARQUET(".parquet");

        private final List<String> suffixes;

        Format(String... suffixes) {
            this.suffixes = List.of(suffixes);
        }

        static Optional<Format> of(String fileName) {
            return Arrays.stream(values())
                    .filter(format -> format.suffix(fileName).isPresent())
                    .findFirst();
        }

        private Optional<String> suffix(String fileName) {
            return suffixes.stream()
                    .filter(suffix -> fileName.toLowerCase(Locale.ROOT).endsWith(suffix))
                    .findFirst();
        }

        private String table(String fileName) {
            return fileName.substring(
                    0, fileName.length() - suffix(fileName).orElseThrow().length());
        }
    }

    /**
     * A file that is a table.
     *
     * @param dataset its folder's name
     * @param name its own name, without the suffix
     * @param file where it is
     */
    record TableFile(String dataset, String name, Path file, Format format) {
        String table() {
            return dataset + "." + name;
        }
    }

    /** All tables, by name. None is opened. */
    List<TableFile> all() {
        List<TableFile> tables = new ArrayList<>();
        for (Path dataset : children(folder)) {
            if (Files.isDirectory(dataset) && !isHidden(dataset)) {
                for (Path file : children(dataset)) {
                    table(String.valueOf(dataset.getFileName()), file).ifPresent(tables::add);
                }
            }
        }
        return tables;
    }

    /**
     * The file of a table, whose name is not case-sensitive, as in SQL.
     *
     * @param table {@code dataset.table}
     * @throws WarehouseException when it has more than one
     */
    Optional<TableFile> find(String table) {
        List<TableFile> same = all().stream()
                .filter(file -> file.table().equalsIgnoreCase(table))
                .toList();
        if (same.size() > 1) {
            throw new WarehouseException("Table " + table + " has two files: "
                    + same.stream().map(file -> file.file().toString()).collect(Collectors.joining(" and "))
                    + "; remove one");
        }
        return same.stream().findFirst();
    }

    /** Files with the name of a table and another end, such as {@code lines.csv.gz}, which are not read. */
    List<Path> unread(String table) {
        String name = table.substring(table.indexOf('.') + 1).toLowerCase(Locale.ROOT);
        return children(dataset(table)).stream()
                .filter(file -> !isHidden(file) && Files.isRegularFile(file))
                .filter(file -> {
                    String there = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
                    return (there.equals(name) || there.startsWith(name + "."))
                            && Format.of(there).isEmpty();
                })
                .toList();
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

    private static Optional<TableFile> table(String dataset, Path file) {
        String name = String.valueOf(file.getFileName());
        if (isHidden(file) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Format.of(name).map(format -> new TableFile(dataset, format.table(name), file, format));
    }

    /** The files of a folder, by name; empty when it is not a folder. */
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
