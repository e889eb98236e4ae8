package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PriceTest {
    @Test
    void isReadFromALine() {
        assertThat(Price.parse("oat milk ; 1.99;eur", 7).cleaned())
                .isEqualTo(new Price(7, "oat milk", new BigDecimal("1.99"), "EUR"));
    }

    @Test
    void aLineWithoutAPriceIsNamed() {
        for (String text : new String[] {"oat milk;ask us;EUR", "oat milk;1.99", ""}) {
            assertThatThrownBy(() -> Price.parse(text, 7))
                    .isInstanceOf(BadLineException.class)
                    .hasMessageContaining("Line 7");
        }
    }
}
