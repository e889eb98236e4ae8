package io.modelbatch.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The columns of a query's result, in order, as the query names them.
 *
 * @param all the columns
 */
public record QueryColumns(List<Column> all) {
    /** Keeps its own copy. */
    public QueryColumns {
        all = List.copyOf(all);
    }

    /**
     * A column.
     *
     * @param name its name
     * @param type the warehouse's name of its type
     */
    public record Column(String name, String type) {}

    /**
     * Refuses a result that lacks the key or a column that is read later, or has two of its name. Warehouses do not tell names apart
     * by case, so that one of the two would be read without a word.
     *
     * @throws WarehouseException with all that is wrong
     */
    public void verify(Extraction extraction) {
        List<String> problems = new ArrayList<>();
        find(extraction.key(), "no key column '" + extraction.key() + "'", problems);
        for (Extraction.Use use : extraction.uses()) {
            find(use.column(), "no column '" + use.column() + "' (" + use.by() + ")", problems);
        }
        if (!problems.isEmpty()) {
            throw new WarehouseException(
                    "The query's result has "
                            + problems.stream().distinct().collect(Collectors.joining(", ")) + "; it has " + names()
                            + ". Select the missing columns in 'query', with AS where they have other names, or name a column of the result");
        }
    }

    private void find(String name, String missing, List<String> problems) {
        long same = all.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .count();
        if (all.stream().noneMatch(column -> column.name().equals(name))) {
            problems.add(missing);
        } else if (same > 1) {
            problems.add("the column '" + name + "' " + same + " times (rename the others with AS)");
        }
    }

    private String names() {
        return all.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Names and types. */
    @Override
    public String toString() {
        return all.stream().map(column -> column.name() + " " + column.type()).collect(Collectors.joining(", "));
    }
}
