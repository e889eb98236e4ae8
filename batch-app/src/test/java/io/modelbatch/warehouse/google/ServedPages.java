package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field.Mode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table's rows as the REST API gives them: pages of text. */
final class ServedPages {
    private static final int PAGE_BYTES = 10_000_000;
    private static final long MICROS = 1_000_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter TIME_WITH_MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    private final ServedRows rows;
    private final ServedTables tables;

    ServedPages(ServedRows rows, ServedTables tables) {
        this.rows = rows;
        this.tables = tables;
    }

    /** As far as a page's bytes go; the query is that of the request: {@code maxResults}, {@code pageToken}, … */
    Map<String, Object> page(ServedName name, Map<String, String> query) throws SQLException {
        ServedTable table = tables.find(name);
        List<ServedColumn> columns = selected(tables.columns(table), query.getOrDefault("selectedFields", ""));
        long from = Long.parseLong(query.getOrDefault("pageToken", query.getOrDefault("startIndex", "0")));
        long most = Long.parseLong(query.getOrDefault("maxResults", String.valueOf(Integer.MAX_VALUE)));
        boolean micros =
                query.getOrDefault("formatOptions.useInt64Timestamp", "").equals("true");
        List<Object> page = most == 0 ? List.of() : read(name, columns, from, most, micros);
        long total = tables.size(table).rows();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("totalRows", String.valueOf(total));
        if (most > 0) {
            answer.put("rows", page);
            if (from + page.size() < total) {
                answer.put("pageToken", String.valueOf(from + page.size()));
            }
        }
        return answer;
    }

    private static List<ServedColumn> selected(List<ServedColumn> columns, String fields) {
        List<String> names = Arrays.asList(fields.split(","));
        return fields.isEmpty()
                ? columns
                : columns.stream()
                        .filter(column -> names.contains(column.name()))
                        .toList();
    }

    private List<Object> read(ServedName name, List<ServedColumn> columns, long from, long most, boolean micros)
            throws SQLException {
        List<Object> page = new ArrayList<>();
        String readable =
                String.join(", ", columns.stream().map(ServedColumn::readable).toList());
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        tables.open(statement, name, Instant.MAX, readable, "LIMIT " + most + " OFFSET " + from)) {
            for (long bytes = 0; bytes < PAGE_BYTES && found.next(); ) {
                List<Object> cells = new ArrayList<>();
                List<@Nullable Object> row = ServedRows.row(found);
                for (int i = 0; i < columns.size(); i++) {
                    cells.add(value(row.get(i), columns.get(i), micros));
                }
                bytes += String.valueOf(row).length();
                page.add(Map.of("f", cells));
            }
        }
        return page;
    }

    private static Map<String, @Nullable Object> value(@Nullable Object cell, ServedColumn column, boolean micros) {
        if (cell == null) {
            return Collections.singletonMap("v", null);
        }
        if (column.repeated()) {
            ServedColumn element = new ServedColumn(column.name(), column.type(), Mode.NULLABLE, column.fields());
            return Map.of(
                    "v",
                    ((List<?>) cell)
                            .stream().map(each -> value(each, element, micros)).toList());
        }
        return column.type().equals("RECORD")
                ? Map.of("v", Map.of("f", fields((List<?>) cell, column, micros)))
                : Map.of("v", text(cell, column, micros));
    }

    private static List<Object> fields(List<?> cells, ServedColumn column, boolean micros) {
        List<Object> fields = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            fields.add(value(cells.get(i), column.fields().get(i), micros));
        }
        return fields;
    }

    private static String text(Object cell, ServedColumn column, boolean micros) {
        return switch (column.type()) {
            case "NUMERIC", "BIGNUMERIC" ->
                ((BigDecimal) cell).stripTrailingZeros().toPlainString();
            case "DATE" -> LocalDate.ofEpochDay(((Number) cell).longValue()).toString();
            case "TIME" -> time(LocalTime.ofNanoOfDay(((Number) cell).longValue() * 1_000));
            case "DATETIME" -> {
                LocalDateTime time = dateTime(((Number) cell).longValue());
                yield time.toLocalDate() + "T" + time(time.toLocalTime());
            }
            case "TIMESTAMP" -> micros ? cell.toString() : seconds(((Number) cell).longValue());
            default -> cell.toString();
        };
    }

    private static String time(LocalTime time) {
        return time.format(time.getNano() == 0 ? TIME : TIME_WITH_MICROS);
    }

    private static LocalDateTime dateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), (int) Math.floorMod(micros, MICROS) * 1_000, ZoneOffset.UTC);
    }

    /** With an exponent: {@code 1.774915200123456E9}. */
    private static String seconds(long micros) {
        BigDecimal seconds = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
        int exponent = seconds.precision() - seconds.scale() - 1;
        String digits = seconds.movePointLeft(exponent).toPlainString();
        return (digits.contains(".") ? digits : digits + ".0") + "E" + exponent;
    }
}
