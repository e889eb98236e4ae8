package io.modelbatch.report.html;

import java.util.Optional;

/**
 * A value in a table or a list.
 *
 * @param text the value
 * @param link where it leads; empty for a text alone
 * @param form prose, or code in a font of its own
 */
public record Cell(String text, Optional<String> link, Form form) {
    /** Prose or code. */
    public enum Form {
        PROSE,
        CODE
    }

    /** A text. */
    public static Cell of(String text) {
        return new Cell(text, Optional.empty(), Form.PROSE);
    }

    /** A text that may be copied. */
    public static Cell code(String text) {
        return new Cell(text, Optional.empty(), Form.CODE);
    }

    /** A count. */
    public static Cell of(long count) {
        return of(Amount.count(count));
    }

    /** Leads somewhere else. */
    public Cell linked(Optional<String> address) {
        return new Cell(text, address, form);
    }

    /** Writes it. */
    public void write(Html html) {
        link.ifPresent(address -> html.open("a", "href", address));
        if (form == Form.CODE) {
            html.element("code", text);
        } else {
            html.text(text);
        }
        link.ifPresent(address -> html.end());
    }
}
