package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.WarehouseException;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** Values of Arrow's vectors: columns of text and of whole numbers in one sweep, what is rarer value by value. */
final class ArrowValues {
    private static final long MICROS_A_SECOND = 1_000_000;

    /** The bytes and the offsets of the texts of one vector; kept, for the next one needs as much. */
    private byte[] bytes = new byte[0];

    private int[] offsets = new int[0];

    /** The texts of a column. */
    @Nullable
    String[] texts(ValueVector vector) {
        int rows = vector.getValueCount();
        @Nullable String[] texts = new String[rows];
        if (vector instanceof VarCharVector column) {
            fill(texts, column);
        } else {
            for (int row = 0; row < rows; row++) {
                Object value = value(vector, row);
                texts[row] = value == null ? null : CellText.of(value);
            }
        }
        return texts;
    }

    /** The keys of a column of text or whole numbers. */
    @Nullable
    Object[] keys(ValueVector vector) {
        if (!(vector instanceof BigIntVector numbers)) {
            return texts(vector);
        }
        @Nullable Object[] keys = new Object[vector.getValueCount()];
        for (int row = 0; row < keys.length; row++) {
            keys[row] = numbers.isNull(row) ? null : (Long) numbers.get(row);
        }
        return keys;
    }

    private void fill(@Nullable String[] texts, VarCharVector column) {
        int rows = texts.length;
        if (rows == 0) {
            return;
        }
        readOffsets(column, rows);
        int start = offsets[0];
        int length = offsets[rows] - start;
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        column.getDataBuffer().getBytes(start, bytes, 0, length);
        boolean nulls = column.getNullCount() > 0;
        for (int row = 0; row < rows; row++) {
            if (!nulls || !column.isNull(row)) {
                int from = offsets[row];
                texts[row] = new String(bytes, from - start, offsets[row + 1] - from, StandardCharsets.UTF_8);
            }
        }
    }

    private void readOffsets(VarCharVector column, int rows) {
        if (offsets.length <= rows) {
            offsets = new int[Math.max(rows + 1, 2 * offsets.length)];
        }
        column.getOffsetBuffer()
                .nioBuffer(0, (rows + 1) * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(offsets, 0, rows + 1);
    }

    private static @Nullable Object value(ValueVector vector, int row) {
        if (vector.isNull(row)) {
            return vector instanceof ListVector ? List.of() : null; // BigQuery has no null arrays
        }
        if (vector instanceof VarCharVector text) {
            return new String(text.get(row), StandardCharsets.UTF_8);
        }
        if (vector instanceof BigIntVector number) {
            return number.get(row);
        }
        if (vector instanceof Float8Vector number) {
            return number.get(row);
        }
        if (vector instanceof BitVector truth) {
            return truth.get(row) == 1;
        }
        if (vector instanceof VarBinaryVector binary) {
            return binary.get(row);
        }
        if (vector instanceof ListVector list) {
            return elements(list, row);
        }
        return decimalOrTime(vector, row);
    }

    private static Object decimalOrTime(ValueVector vector, int row) {
        if (vector instanceof DecimalVector || vector instanceof Decimal256Vector) {
            return (BigDecimal) vector.getObject(row);
        }
        if (vector instanceof DateDayVector day) {
            return LocalDate.ofEpochDay(day.get(row));
        }
        if (vector instanceof TimeMicroVector time) {
            return LocalTime.ofNanoOfDay(time.get(row) * 1_000);
        }
        if (vector instanceof TimeStampMicroVector moment) {
            return LocalDateTime.ofInstant(instant(moment.get(row)), ZoneOffset.UTC);
        }
        if (vector instanceof TimeStampMicroTZVector moment) {
            return instant(moment.get(row));
        }
        throw unreadable(vector.getName(), vector.getMinorType().toString());
    }

    private static List<@Nullable Object> elements(ListVector list, int row) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
            elements.add(value(list.getDataVector(), i));
        }
        return elements;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_A_SECOND))
                .plus(Math.floorMod(micros, MICROS_A_SECOND), ChronoUnit.MICROS);
    }

    static WarehouseException unreadable(String column, String type) {
        return new WarehouseException("The column '" + column + "' is a " + type
                + ", which cannot be read as text; select TO_JSON_STRING(" + column + ") AS " + column);
    }
}
