package io.modelbatch.report.html;

import java.util.ArrayList;
import java.util.List;

/** A table. A wide one scrolls inside the page, by the keyboard too. */
public final class Table {
    private final String caption;
    private final List<String> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * Without rows yet.
     *
     * @param columns the names of its columns; {@code #} before a name marks numbers
     */
    public Table(String caption, String... columns) {
        this.caption = caption;
        this.columns = List.of(columns);
    }

    /** One row more; as many cells as there are columns. */
    public Table row(Cell... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** True without rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Writes it. */
    public void write(Html html) {
        html.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", caption);
        html.open("table").element("caption", caption).open("thead").open("tr");
        for (String column : columns) {
            html.element("th", isNumber(column) ? column.substring(1) : column, "scope", "col", "class", css(column));
        }
        html.end().end().open("tbody");
        for (List<Cell> row : rows) {
            html.open("tr");
            for (int i = 0; i < row.size(); i++) {
                html.open("td", "class", css(columns.get(i)));
                row.get(i).write(html);
                html.end();
            }
            html.end().line();
        }
        html.end().end().end().line();
    }

    /** Writes it so that it opens on a click. */
    public void writeClosed(Html html, String summary) {
        html.open("details").element("summary", summary);
        write(html);
        html.end();
    }

    private static boolean isNumber(String column) {
        return column.startsWith("#");
    }

    private static String css(String column) {
        return isNumber(column) ? "n" : "t";
    }
}
