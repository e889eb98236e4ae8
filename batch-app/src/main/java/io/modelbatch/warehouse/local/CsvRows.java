package io.modelbatch.warehouse.local;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import io.modelbatch.warehouse.WarehouseException;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A CSV file as RFC 4180 has it: only {@code "} quotes, nothing is a comment, the first row names the columns. */
final class CsvRows implements TableRows {
    private static final String DELIMITERS = ",;\t|";
    /** Ends the text that is parsed, so that a quote that is never closed shows: it would take this in. */
    private static final char END = '\uFFFF';
    /** Characters of the longest row. */
    private static final int LONGEST = 1 << 28;

    private final TextFile file;
    private final TableSchema schema;

    CsvRows(Path file, TableSchema schema) {
        this.file = new TextFile(file);
        this.schema = schema;
    }

    /** A record: a null is an empty field without quotes. */
    private record Fields(long line, boolean blank, List<@Nullable String> values) {}

    @Override
    public boolean canBe(String column, ColumnType type) {
        return type != ColumnType.JSON;
    }

    @Override
    public void read(Sink sink) throws IOException {
        char delimiter = schema.delimiter().isPresent() ? schema.delimiter().get() : delimiter();
        try (CsvReader<Fields> reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(false)
                .allowExtraFields(true) // counted below, in words
                .allowMissingFields(true)
                .maxBufferSize(LONGEST)
                .build(new Handler(), new Ended(file.open()))) {
            read(reader.iterator(), sink);
        } catch (CsvParseException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw file.notUtf8();
            }
            throw e;
        } catch (CharacterCodingException e) {
            throw file.notUtf8();
        }
    }

    private void read(Iterator<Fields> records, Sink sink) throws IOException {
        List<String> names = names(records.next(), records.hasNext());
        for (String name : names) {
            sink.column(1, name);
        }
        while (records.hasNext()) {
            Fields row = records.next();
            if (!records.hasNext()) {
                refuseUnclosed(row);
                return;
            }
            if (row.blank() && names.size() > 1) {
                continue;
            }
            if (!row.blank() && row.values().size() != names.size()) {
                throw file.refused(
                        row.line(),
                        "the row has " + row.values().size() + " fields and the first line names " + names.size()
                                + " columns; put texts that contain the delimiter into quotation marks: \"…\"");
            }
            if (!sink.row(row.line(), row.values())) {
                return;
            }
        }
    }

    private List<String> names(Fields header, boolean rowsFollow) {
        if (!rowsFollow) {
            refuseUnclosed(header);
            throw file.refused(1, "the file is empty; its first line names the columns");
        }
        String first = header.values().get(0);
        if (first != null && first.startsWith("sep=")) {
            throw file.refused(
                    1,
                    "'" + first
                            + "' is a hint for Excel; remove the line, because the first line must name the columns");
        }
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : header.values()) {
            if (header.blank() || name == null || name.isBlank() || name.indexOf('\0') >= 0) {
                throw file.refused(
                        1, "column " + (names.size() + 1) + " has no name; the first line names the columns");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw file.refused(
                        1, "the column '" + name + "' appears twice (names are not case-sensitive); rename one");
            }
            names.add(name);
        }
        return names;
    }

    private void refuseUnclosed(Fields last) {
        if (last.values().size() != 1
                || !String.valueOf(END).equals(last.values().get(0))) {
            throw file.refused(
                    last.line(),
                    "a quotation mark opens a field in this row and is never closed; a quotation"
                            + " mark inside a quoted field is written twice: \"\"");
        }
    }

    private WarehouseException unreadable(CsvParseException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String line = String.valueOf(e.getMessage()).replaceAll("\\D+", "");
        String words = cause.getMessage() + "; a quotation mark inside a quoted field is written twice: \"\"";
        return line.isEmpty()
                ? new WarehouseException(file.path() + ": " + words)
                : file.refused(Long.parseLong(line), words);
    }

    /** The one that the first line has outside quotation marks. */
    private char delimiter() throws IOException {
        Set<Character> found = new HashSet<>();
        try (BufferedReader text = file.open()) {
            boolean quoted = false;
            boolean opens = true; // whether a quotation mark opens a field here; elsewhere it is text
            for (int read = text.read(); read >= 0 && (quoted || read != '\n' && read != '\r'); read = text.read()) {
                boolean delimits = !quoted && DELIMITERS.indexOf(read) >= 0;
                if (delimits) {
                    found.add((char) read);
                }
                if (read == '"' && (quoted || opens)) {
                    quoted = !quoted;
                    opens = true; // a second one right after it continues the field
                } else {
                    opens = delimits;
                }
            }
        } catch (CharacterCodingException e) {
            throw file.notUtf8();
        }
        if (found.size() > 1) {
            throw file.refused(
                    1,
                    "the delimiter could be any of "
                            + found.stream()
                                    .map(c -> c == '\t' ? "a tab" : "'" + c + "'")
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; name it in " + schema.file() + ", such as delimiter: \",\"");
        }
        return found.stream().findFirst().orElse(',');
    }

    private static final class Handler extends CsvCallbackHandler<Fields> {
        private List<@Nullable String> values = new ArrayList<>();
        private long line;
        private boolean blank;

        @Override
        protected RecordType getRecordType() {
            return blank ? RecordType.EMPTY : RecordType.DATA;
        }

        @Override
        protected int getFieldCount() {
            return values.size();
        }

        @Override
        protected void beginRecord(long startingLineNumber) {
            line = startingLineNumber;
            blank = false;
            values = new ArrayList<>();
        }

        @Override
        protected void addField(char[] buffer, int offset, int length, boolean quoted) {
            values.add(length == 0 && !quoted ? null : new String(buffer, offset, length));
        }

        @Override
        protected void setComment(char[] buffer, int offset, int length) {
            throw new IllegalStateException("nothing is a comment");
        }

        @Override
        protected void setEmpty() {
            blank = true;
            values.add(null);
        }

        @Override
        protected Fields buildRecord() {
            return new Fields(line, blank, values);
        }
    }

    /** The text with a last line of one character, {@link #END}. */
    private static final class Ended extends FilterReader {
        private char last = '\n';
        private Optional<String> rest = Optional.empty();

        Ended(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (rest.isEmpty()) {
                int read = super.read(buffer, offset, length);
                if (read > 0) {
                    last = buffer[offset + read - 1];
                }
                if (read >= 0) {
                    return read;
                }
                rest = Optional.of((last == '\n' || last == '\r' ? "" : "\n") + END);
            }
            String text = rest.get();
            if (text.isEmpty()) {
                return -1;
            }
            buffer[offset] = text.charAt(0);
            rest = Optional.of(text.substring(1));
            return 1;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }
    }
}
