package io.modelbatch.report.html;

import java.time.Instant;
import java.util.Optional;

/**
 * A value in a table or a list.
 *
 * @param text the value
 * @param link where it leads; empty for a text alone
 * @param form prose, code in a font of its own, or a time, which is not broken
 */
public record Cell(String text, Optional<String> link, Form form) {
    /** Prose, code or a time. */
    public enum Form {
        PROSE,
        CODE,
        TIME
    }

    /** A text. */
    public static Cell of(String text) {
        return new Cell(text, Optional.empty(), Form.PROSE);
    }

    /** A text that may be copied. */
    public static Cell code(String text) {
        return new Cell(text, Optional.empty(), Form.CODE);
    }

    /** A time. */
    public static Cell of(Instant time) {
        return new Cell(Amount.time(time), Optional.empty(), Form.TIME);
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
        switch (form) {
            case PROSE -> html.text(text);
            case CODE -> html.element("code", text);
            case TIME -> html.element("time", text);
        }
        link.ifPresent(address -> html.end());
    }
}
