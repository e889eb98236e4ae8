package io.modelbatch.report;

import com.google.common.base.CaseFormat;
import io.modelbatch.facts.Answered;
import io.modelbatch.facts.AnsweredSoFar;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.facts.Trained;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.Table;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The facts of any step as a list of names and values: one that this page does not know looks like the others. */
final class FactsTable {
    /** Shown by sections of their own. */
    private static final Map<Class<? extends Facts>, Set<String>> ELSEWHERE = Map.of(
            Answered.class, Set.of("distributions", "rejectReasons"),
            AnsweredSoFar.class, Set.of("distributions", "rejectReasons"),
            Trained.class, Set.of("curve", "history"),
            Evaluated.class, Set.of("labels", "confusion", "calibration", "mistakes"));

    private static final int INLINE = 12;
    private static final int ROWS = 200;
    private static final int DEEPEST = 4;

    private final Links links;

    FactsTable(Links links) {
        this.links = links;
    }

    /** Each value of facts by its name in words; parts of a record after the record's name. */
    static Map<String, Object> values(Facts facts) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (facts instanceof OwnFacts own) {
            own.values().forEach((name, value) -> collect(words(name), value, 0, values));
        } else {
            Set<String> elsewhere = ELSEWHERE.getOrDefault(facts.getClass(), Set.of());
            for (RecordComponent component : facts.getClass().getRecordComponents()) {
                if (!elsewhere.contains(component.getName())) {
                    collect(words(component.getName()), component(facts, component), 1, values);
                }
            }
        }
        return values;
    }

    /** Writes them; nothing where there are none. */
    void write(Html html, Facts facts) {
        Map<String, Object> values = values(facts);
        if (values.isEmpty()) {
            return;
        }
        html.open("dl", "class", "facts");
        values.forEach((name, value) -> Sections.item(html, name, cell(value)));
        html.end();
        values.forEach((name, value) -> {
            if (value instanceof Collection<?> list && !isInline(list)) {
                table(name, list).writeClosed(html, name + " (" + Amount.count(list.size()) + ")");
            }
        });
    }

    private static void collect(String name, @Nullable Object value, int depth, Map<String, Object> values) {
        if (value == null) {
            return;
        }
        String prefix = name.isEmpty() ? "" : name + " · ";
        if (value instanceof Record parts && depth < DEEPEST) {
            for (RecordComponent component : parts.getClass().getRecordComponents()) {
                collect(prefix + words(component.getName()), component(parts, component), depth + 1, values);
            }
        } else if (value instanceof Map<?, ?> map && map.size() <= INLINE && depth < DEEPEST) {
            map.forEach((key, part) -> collect(prefix + words(String.valueOf(key)), part, depth + 1, values));
        } else if (value instanceof Map<?, ?> map) {
            values.put(
                    name,
                    List.copyOf(map.entrySet().stream().map(Object::toString).toList()));
        } else if (!(value instanceof Collection<?> list) || !list.isEmpty()) {
            values.put(name, value);
        }
    }

    private Cell cell(Object value) {
        if (value instanceof Collection<?> list) {
            return Cell.of(
                    isInline(list)
                            ? String.join(
                                    ", ", list.stream().map(FactsTable::text).toList())
                            : "see below");
        }
        String text = text(value);
        return text.matches("[0-9a-f]{40,}") ? Cell.code(text) : links.value(text);
    }

    private static boolean isInline(Collection<?> list) {
        return list.size() <= INLINE
                && list.stream()
                        .noneMatch(item ->
                                item instanceof Record || item instanceof Map<?, ?> || item instanceof Collection<?>);
    }

    /** A list as a table: the parts of its items are the columns. */
    private Table table(String name, Collection<?> list) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Set<String> columns = new LinkedHashSet<>();
        for (Object item : list.stream().limit(ROWS).toList()) {
            Map<String, Object> row = new LinkedHashMap<>();
            collect(item instanceof Record || item instanceof Map<?, ?> ? "" : "value", item, 0, row);
            columns.addAll(row.keySet());
            rows.add(row);
        }
        String caption = list.size() > ROWS ? name + ": the first " + ROWS + " of " + Amount.count(list.size()) : name;
        Table table = new Table(caption, columns.toArray(String[]::new));
        for (Map<String, Object> row : rows) {
            table.row(columns.stream()
                    .map(column -> row.containsKey(column) ? links.value(text(row.get(column))) : Cell.of(""))
                    .toArray(Cell[]::new));
        }
        return table;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Amount.number(((Number) value).doubleValue());
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            return Amount.count(((Number) value).longValue());
        }
        return String.valueOf(value);
    }

    private static @Nullable Object component(Object parts, RecordComponent component) {
        try {
            return component.getAccessor().invoke(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // facts are public
        }
    }

    private static String words(String name) {
        return CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_HYPHEN, name).replace('-', ' ');
    }
}
