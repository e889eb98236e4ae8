package io.modelbatch.warehouse.local;

import io.modelbatch.base.JsonErrorText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** JSON lines: an object in each line. A text is its text; any other value is what stands in the line. */
final class JsonLinesRows implements TableRows {
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private final TextFile file;
    /** By name in small letters. */
    private final Map<String, Column> columns = new HashMap<>();

    JsonLinesRows(Path file) {
        this.file = new TextFile(file);
    }

    private record Column(String name, int number, Set<Kind> kinds) {}

    private enum Kind {
        TEXT,
        NUMBER,
        TRUTH,
        NESTED
    }

    @Override
    public boolean canBe(String column, ColumnType type) {
        Set<Kind> kinds = Objects.requireNonNull(columns.get(column.toLowerCase(Locale.ROOT)))
                .kinds();
        return switch (type) {
            case STRING -> true;
            case INT64, FLOAT64 -> kinds.equals(EnumSet.of(Kind.NUMBER));
            case BOOL -> kinds.equals(EnumSet.of(Kind.TRUTH));
            case DATE, DATETIME, TIMESTAMP -> kinds.equals(EnumSet.of(Kind.TEXT));
            case JSON -> kinds.equals(EnumSet.of(Kind.NESTED));
        };
    }

    @Override
    public void read(Sink sink) throws IOException {
        columns.clear();
        try (BufferedReader text = file.open()) {
            long number = 1;
            for (String line = text.readLine(); line != null; line = text.readLine(), number++) {
                if (!line.isBlank() && !sink.row(number, row(line, number, sink))) {
                    return;
                }
            }
        } catch (CharacterCodingException e) {
            throw file.notUtf8();
        }
    }

    private List<@Nullable String> row(String line, long number, Sink sink) {
        List<@Nullable String> values = new ArrayList<>(Collections.nCopies(columns.size(), null));
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw file.refused(
                        number,
                        "it is not an object; each line is one row: {\"id\": 1, …}, without an array around the rows");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                Column column = column(parser.currentName(), number, sink);
                if (column.number() == values.size()) {
                    values.add(null);
                }
                parser.nextToken();
                values.set(column.number(), value(parser, line, column));
            }
            if (parser.nextToken() != null) {
                throw file.refused(number, "something follows the object; each line is one row");
            }
        } catch (JacksonException e) {
            // without the advice to enable a feature of the parser
            throw file.refused(number, "it is not JSON: " + JsonErrorText.words(e));
        }
        refuseHalfCharacters(line, number);
        return values;
    }

    private Column column(String name, long number, Sink sink) {
        Column known = columns.get(name.toLowerCase(Locale.ROOT));
        if (known == null) {
            if (name.isBlank() || name.indexOf('\0') >= 0) {
                throw file.refused(number, "a key has no name");
            }
            known = new Column(name, columns.size(), EnumSet.noneOf(Kind.class));
            columns.put(name.toLowerCase(Locale.ROOT), known);
            sink.column(number, name);
        } else if (!known.name().equals(name)) {
            throw file.refused(
                    number,
                    "the key '" + name + "' is written '" + known.name()
                            + "' in an earlier row; names of columns are not case-sensitive");
        }
        return known;
    }

    private static @Nullable String value(JsonParser parser, String line, Column column) {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> text(parser, Kind.TEXT, column);
            case VALUE_TRUE, VALUE_FALSE -> text(parser, Kind.TRUTH, column);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> text(parser, Kind.NUMBER, column);
            default -> {
                column.kinds().add(Kind.NESTED);
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                yield line.substring(start, (int) parser.currentLocation().getCharOffset());
            }
        };
    }

    private static String text(JsonParser parser, Kind kind, Column column) {
        column.kinds().add(kind);
        return parser.getString();
    }

    /** An escape may write half of a character, which no encoding has. Names and nested texts are looked at as well. */
    private void refuseHalfCharacters(String line, long number) {
        if (!line.contains("\\ud") && !line.contains("\\uD")) {
            return;
        }
        try (JsonParser parser = JSON.createParser(line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
                if (text
                        && parser.getString()
                                .codePoints()
                                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                    throw file.refused(
                            number, "an escape writes half of a character, such as \\ud83c without the other half");
                }
            }
        }
    }
}
