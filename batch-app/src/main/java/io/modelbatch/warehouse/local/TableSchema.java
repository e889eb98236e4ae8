package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The types of a table's columns by the file {@code TABLE.schema.yaml} beside it.
 *
 * @param file the schema file
 * @param delimiter separates the fields of a CSV file
 * @param columns the types of columns, by name; columns may be left out
 */
record TableSchema(Path file, Optional<Character> delimiter, Map<String, ColumnType> columns) {
    private static final String SUFFIX = ".schema.yaml";
    private static final String DELIMITER = "delimiter";
    private static final String COLUMNS = "columns";
    private static final Map<String, ColumnType> TYPES = Arrays.stream(ColumnType.values())
            .filter(type -> type != ColumnType.JSON)
            .collect(Collectors.toMap(Enum::name, type -> type, (a, b) -> a, LinkedHashMap::new));

    /** Of a table's file; says nothing where there is no schema file. */
    static TableSchema beside(TableFiles.TableFile table) {
        Path file = table.file().resolveSibling(table.name() + SUFFIX);
        refuseOtherSpelling(table, file);
        if (!Files.exists(file)) {
            return new TableSchema(file, ofFormat(table), Map.of());
        }
        if (table.format() == TableFiles.Format.PARQUET) {
            throw refused(
                    file,
                    "the table is " + table.file()
                            + ", and Parquet files have their own types; remove the schema file, and"
                            + " use CAST in the query for other types");
        }
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            options.setMaxAliasesForCollections(0);
            return of(file, table, new Yaml(new SafeConstructor(options)).load(Files.readString(file)));
        } catch (CharacterCodingException e) {
            throw refused(file, "it is not UTF-8; convert it with iconv");
        } catch (YAMLException e) {
            throw refused(file, String.valueOf(e.getMessage()).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static TableSchema of(Path file, TableFiles.TableFile table, Object content) {
        List<String> problems = new ArrayList<>();
        Optional<Character> delimiter = ofFormat(table);
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : mapping("the file", content, problems).entrySet()) {
            if (DELIMITER.equals(entry.getKey())) {
                delimiter = delimiter(table, String.valueOf(entry.getValue()), problems);
            } else if (COLUMNS.equals(entry.getKey())) {
                mapping(COLUMNS, entry.getValue(), problems)
                        .forEach((name, type) -> type(name, type, problems)
                                .ifPresent(known -> columns.put(String.valueOf(name), known)));
            } else {
                problems.add("unknown key '" + entry.getKey() + "'; allowed are delimiter and columns");
            }
        }
        if (!problems.isEmpty()) {
            throw refused(file, String.join(". Also: ", problems));
        }
        return new TableSchema(file, delimiter, columns);
    }

    private static Optional<Character> ofFormat(TableFiles.TableFile table) {
        return table.format() == TableFiles.Format.TSV ? Optional.of('\t') : Optional.empty();
    }

    /** A file that would be taken for the schema file by a person, and is not read. */
    private static void refuseOtherSpelling(TableFiles.TableFile table, Path file) {
        for (Path beside : TableFiles.children(Objects.requireNonNull(file.getParent()))) {
            String name = String.valueOf(beside.getFileName());
            boolean schema = name.equalsIgnoreCase(table.name() + SUFFIX)
                    || name.equalsIgnoreCase(table.name() + ".schema.yml")
                    || name.equalsIgnoreCase(table.name() + ".schema.json");
            if (schema && !beside.equals(file)) {
                throw refused(
                        beside,
                        "the schema file of " + table.table() + " is named " + file.getFileName() + "; rename it");
            }
        }
    }

    private static Map<?, ?> mapping(String what, Object content, List<String> problems) {
        if (content instanceof Map<?, ?> map) {
            return map;
        }
        problems.add(what + " is not a mapping of keys and values");
        return Map.of();
    }

    private static Optional<Character> delimiter(TableFiles.TableFile table, String text, List<String> problems) {
        if (table.format() != TableFiles.Format.CSV) {
            problems.add("delimiter is for a CSV file, and the table is " + table.file() + "; remove it");
        } else if (text.length() != 1 || "\"\r\n".contains(text)) {
            problems.add("delimiter is '" + text + "'; it is one character, such as \";\" or \"\\t\"");
        } else {
            return Optional.of(text.charAt(0));
        }
        return Optional.empty();
    }

    private static Optional<ColumnType> type(Object column, Object name, List<String> problems) {
        Optional<ColumnType> type = Optional.ofNullable(TYPES.get(String.valueOf(name)));
        if (type.isEmpty()) {
            problems.add("column '" + column + "' has the type '" + name + "'; types are "
                    + String.join(", ", TYPES.keySet()));
        }
        return type;
    }

    /** Refuses columns that the table does not have. */
    void verify(List<String> there) {
        List<String> missing =
                columns.keySet().stream().filter(name -> !there.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw refused(
                    file,
                    "the table has no column '" + String.join("', '", missing) + "'; it has "
                            + String.join(", ", there));
        }
    }

    /** Schema files of a dataset whose table is not there. */
    static List<Path> withoutTable(TableFiles tables, String dataset) {
        return TableFiles.children(tables.folder().resolve(dataset)).stream()
                .filter(file -> String.valueOf(file.getFileName())
                        .toLowerCase(Locale.ROOT)
                        .matches(".*\\.schema\\.ya?ml"))
                .filter(file -> tables.all().stream()
                        .noneMatch(table -> table.dataset().equals(dataset)
                                && String.valueOf(file.getFileName())
                                        .toLowerCase(Locale.ROOT)
                                        .startsWith(table.name().toLowerCase(Locale.ROOT) + ".schema.")))
                .toList();
    }

    private static WarehouseException refused(Path file, String cause) {
        return new WarehouseException(file + ": " + cause);
    }
}
