package io.modelbatch.report.html;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An HTML document while it is written. All texts and attributes are escaped, and characters that deceive a reader are made visible
 * ({@link Printable}). Elements are closed in their order, so the document is well-formed.
 */
public final class Html {
    private final StringWriter out = new StringWriter();
    private final XMLStreamWriter xml;
    private int ids;

    /** Begins a document. */
    public Html() {
        try {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeDTD("<!DOCTYPE html>\n");
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens an element; {@link #end} closes it. */
    public Html open(String name, String... attributes) {
        return write(() -> {
            xml.writeStartElement(name);
            attributes(attributes);
        });
    }

    /** Closes the element that was opened last. */
    public Html end() {
        // An element without content is not abbreviated: HTML has no such form.
        return write(() -> {
            xml.writeCharacters("");
            xml.writeEndElement();
        });
    }

    /** A text; a long one is truncated. */
    public Html text(String text) {
        return write(() -> xml.writeCharacters(Printable.brief(text)));
    }

    /** An element that holds a text alone. */
    public Html element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).end();
    }

    /** An element that has no content, such as {@code meta} or a shape of SVG. */
    public Html empty(String name, String... attributes) {
        return write(() -> {
            xml.writeEmptyElement(name);
            attributes(attributes);
        });
    }

    /** A line break of the source. */
    public Html line() {
        return write(() -> xml.writeCharacters("\n"));
    }

    /** A style sheet of this project, as it is. */
    public Html style(String css) {
        open("style").write(() -> {
            xml.writeCharacters("\n");
            xml.flush();
        });
        out.write(css);
        return end();
    }

    /** An id that the document does not have yet. */
    public String id(String prefix) {
        ids++;
        return prefix + "-" + ids;
    }

    @Override
    public String toString() {
        write(xml::flush);
        return out.toString();
    }

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], Printable.of(attributes[i + 1]));
        }
    }

    private Html write(Writing writing) {
        try {
            writing.run();
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // a StringWriter does not fail
        }
    }

    /** Writes XML. */
    private interface Writing {
        void run() throws XMLStreamException;
    }
}
