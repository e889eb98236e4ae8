package io.modelbatch.report;

import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import java.time.Instant;
import java.util.Locale;

/** The parts that all sections of the page have. */
final class Sections {
    private static final int LONG = 24;

    private Sections() {}

    /** Begins a section. */
    static void open(Html html, String id, String title) {
        html.open("section", "id", id, "aria-labelledby", id + "-title").element("h2", title, "id", id + "-title");
    }

    /** Ends it. */
    static void close(Html html) {
        html.end().line();
    }

    /** A name and its value. */
    static void item(Html html, String name, Cell value) {
        html.open("div", "class", value.text().length() > LONG ? "long" : "brief")
                .element("dt", name);
        html.open("dd");
        value.write(html);
        html.end().end();
    }

    /** A name and a time. */
    static void time(Html html, String name, Instant time) {
        item(html, name, Cell.of(time));
    }

    /** The classes of a status. */
    static String badge(String status) {
        return "badge " + status.toLowerCase(Locale.ROOT);
    }
}
