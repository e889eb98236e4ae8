package io.modelbatch.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final String DELIMITER = "delimiter";
    private static final String COLUMNS = "columns";
    private static final Map<String, ColumnType> TYPES = Arrays.stream(ColumnType.values())
            .filter(type -> type != ColumnType.JSON)
            .collect(Collectors.toMap(Enum::name, type -> type, (a, b) -> a, LinkedHashMap::new));

    /** Of a table's file; says nothing where there is no schema file. */
    static TableSchema beside(TableFiles.TableFile table) {
        Path file = table.file().resolveSibling(table.name() + ".schema.yaml");
        if (!Files.exists(file)) {
            return new TableSchema(file, Optional.empty(), Map.of());
        }
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            options.setMaxAliasesForCollections(0);
            TableSchema schema = of(file, new Yaml(new SafeConstructor(options)).load(Files.readString(file)));
            if (schema.delimiter().isPresent() && table.format() != TableFiles.Format.CSV) {
                throw refused(file, "delimiter is for a CSV file, and the table is " + table.file() + "; remove it");
            }
            return schema;
        } catch (CharacterCodingException e) {
            throw refused(file, "it is not UTF-8; convert it with iconv");
        } catch (YAMLException e) {
            throw refused(file, String.valueOf(e.getMessage()).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static TableSchema of(Path file, Object content) {
        Optional<Character> delimiter = Optional.empty();
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : mapping(file, "the file", content).entrySet()) {
            if (DELIMITER.equals(entry.getKey())) {
                delimiter = Optional.of(delimiter(file, String.valueOf(entry.getValue())));
            } else if (COLUMNS.equals(entry.getKey())) {
                mapping(file, COLUMNS, entry.getValue())
                        .forEach((name, type) -> columns.put(String.valueOf(name), type(file, name, type)));
            } else {
                throw refused(file, "unknown key '" + entry.getKey() + "'; there are delimiter and columns");
            }
        }
        return new TableSchema(file, delimiter, columns);
    }

    private static Map<?, ?> mapping(Path file, String what, Object content) {
        if (content instanceof Map<?, ?> map) {
            return map;
        }
        throw refused(file, what + " is not a mapping of keys and values");
    }

    private static char delimiter(Path file, String text) {
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw refused(file, "delimiter is '" + text + "'; it is one character, such as \";\" or \"\\t\"");
        }
        return text.charAt(0);
    }

    private static ColumnType type(Path file, Object column, Object name) {
        ColumnType type = TYPES.get(String.valueOf(name));
        if (type == null) {
            throw refused(
                    file,
                    "column '" + column + "' has the type '" + name + "'; types are "
                            + String.join(", ", TYPES.keySet()));
        }
        return type;
    }

    /** Refuses a column that the table does not have. */
    void verify(List<String> there) {
        for (String name : columns.keySet()) {
            if (!there.contains(name)) {
                throw refused(file, "the table has no column '" + name + "'; it has " + String.join(", ", there));
            }
        }
    }

    private static WarehouseException refused(Path file, String cause) {
        return new WarehouseException(file + ": " + cause);
    }
}
