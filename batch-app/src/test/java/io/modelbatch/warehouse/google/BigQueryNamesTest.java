package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BigQueryNamesTest {
    /**
     * A resumed run asks BigQuery for the jobs of the one before by their ids, and compares fingerprints of pinned tables. In Python:
     * {@code hashlib.sha256('10:shop.lines1:72:ä'.encode())}.
     */
    @Test
    void idsAndFingerprintsStayTheSame() {
        String hash = "2dbae3aca9dd2c23b5ec67c025e91d8edc0e0426a5cad1660bf9ce08dbd72f58";

        assertThat(BigQueryNames.hash(List.of("shop.lines", 7, "ä"))).isEqualTo(hash);
        assertThat(BigQueryNames.id("predict-3 ä", "shop.lines", 7, "ä"))
                .isEqualTo("predict-3__-" + hash.substring(0, 24));
    }
}
