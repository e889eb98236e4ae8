package io.modelbatch.warehouse.local;

import io.modelbatch.base.NearestName;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.yaml.Problem;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlFormat;
import io.modelbatch.yaml.YamlMapping;
import io.modelbatch.yaml.YamlPosition;
import io.modelbatch.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The types of a table's columns by the file {@code TABLE.schema.yaml} beside it.
 *
 * @param file the schema file
 * @param delimiter separates the fields of a CSV file
 * @param columns the types of columns, by name; columns may be left out
 */
record TableSchema(Path file, Optional<Character> delimiter, Map<String, ColumnType> columns) {
    private static final String SUFFIX = ".schema.yaml";
    private static final YamlFormat FORMAT =
            new YamlFormat("a schema file", "schema", 1 << 20, 2, "'columns' or 'delimiter'");
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
        Problems problems = new Problems(file.toString());
        TableSchema schema = new YamlReader(FORMAT, problems)
                .read(file)
                .map(root -> of(file, table, YamlPosition.root(root), problems))
                .orElseGet(() -> new TableSchema(file, Optional.empty(), Map.of()));
        if (problems.count() > 0) {
            throw refused(file, problems.found().stream().map(Problem::inFile).collect(Collectors.joining(". Also: ")));
        }
        return schema;
    }

    private static TableSchema of(Path file, TableFiles.TableFile table, YamlPosition root, Problems problems) {
        List<String> keys = List.of(DELIMITER, COLUMNS);
        YamlMapping mapping = new YamlMapping(root, keys, problems);
        mapping.refuseOthers(keys);
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        mapping.find(COLUMNS)
                .map(place -> new YamlMapping(place, List.of(), problems))
                .ifPresent(types -> types.byKey()
                        .forEach((name, place) -> type(place, problems).ifPresent(type -> columns.put(name, type))));
        Optional<Character> delimiter = mapping.find(DELIMITER).flatMap(place -> delimiter(table, place, problems));
        return new TableSchema(file, delimiter.or(() -> ofFormat(table)), columns);
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

    private static Optional<Character> delimiter(TableFiles.TableFile table, YamlPosition place, Problems problems) {
        String text = text(place);
        if (table.format() != TableFiles.Format.CSV) {
            problems.add(
                    place.start(), place.path(), "is for a CSV file, and the table is " + table.file() + "; remove it");
        } else if (text.length() != 1 || "\"\r\n".contains(text)) {
            problems.add(
                    place.start(),
                    place.path(),
                    "must be one character, such as \";\" or \"\\t\", not " + place.found());
        } else {
            return Optional.of(text.charAt(0));
        }
        return Optional.empty();
    }

    private static Optional<ColumnType> type(YamlPosition place, Problems problems) {
        Optional<ColumnType> type = Optional.ofNullable(TYPES.get(text(place)));
        if (type.isEmpty()) {
            problems.add(
                    place.start(),
                    place.path(),
                    "must be one of: " + String.join(", ", TYPES.keySet()) + "; not " + place.found()
                            + NearestName.hint(text(place), TYPES.keySet()));
        }
        return type;
    }

    /** The text of a value; empty where it is a list or a group. */
    private static String text(YamlPosition place) {
        return place.node() instanceof ScalarNode scalar ? scalar.getValue() : "";
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
