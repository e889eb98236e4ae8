package com.example.shop;

import java.math.BigDecimal;
import java.util.Locale;
import org.springframework.batch.infrastructure.item.file.transform.DelimitedLineTokenizer;
import org.springframework.batch.infrastructure.item.file.transform.FieldSet;
import org.springframework.batch.infrastructure.item.file.transform.FlatFileFormatException;

/**
 * A line of a price list.
 *
 * @param line its number in the file, from 1
 * @param product the product
 * @param amount the price
 * @param currency the currency, as {@code EUR}
 */
record Price(int line, String product, BigDecimal amount, String currency) {
    private static final DelimitedLineTokenizer COLUMNS = new DelimitedLineTokenizer(";");

    static {
        COLUMNS.setNames("product", "amount", "currency");
    }

    /**
     * Reads a line: {@code product;amount;currency}.
     *
     * @throws BadLineException when it is something else
     */
    static Price parse(String text, int line) {
        try {
            FieldSet columns = COLUMNS.tokenize(text);
            return new Price(
                    line,
                    columns.readString("product"),
                    columns.readBigDecimal("amount"),
                    columns.readString("currency"));
        } catch (FlatFileFormatException | NumberFormatException e) {
            throw new BadLineException("Line " + line + " of the price list is '" + text + "' (" + e.getMessage()
                    + "). Correct it, or let bad-lines leave some out");
        }
    }

    /** Without the spaces and the small letters that suppliers write. */
    Price cleaned() {
        return new Price(line, product.strip(), amount, currency.strip().toUpperCase(Locale.ROOT));
    }
}
