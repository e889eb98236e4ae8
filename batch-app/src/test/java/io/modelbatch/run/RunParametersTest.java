package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunParametersTest {
    @Test
    void shortArgumentsAreTheKey() {
        assertThat(new RunParameters("predict", Map.of("table", "shop.lines", "note", "a b")).key())
                .isEqualTo("job=predict 'note=a b' table=shop.lines");
    }

    /** The lease and the targets of a run are found by its key, also by a later version of the product. */
    @Test
    void theKeyOfLongArgumentsStaysTheSame() {
        assertThat(new RunParameters("predict", Map.of("table", "ä".repeat(300))).key())
                .isEqualTo("job=predict table=" + "ä".repeat(132) + "#c24a2343a1a522f25ca9d5dc0b1d0a7dc3020ceb");
    }
}
