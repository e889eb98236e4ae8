package io.modelbatch.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9996, 10.0 kB",
        "99940, 99.9 kB",
        "99960, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "50331648, 50.3 MB",
        "1230000000, 1.23 GB",
        "9223372036854775807, 9223 PB"
    })
    void hasThreeDigits(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
    }
}
