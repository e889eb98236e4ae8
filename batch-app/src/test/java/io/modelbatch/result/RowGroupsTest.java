package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowGroupsTest {
    @ParameterizedTest
    @CsvSource({"1, 122880", "64, 122880", "384, 20480", "1024, 8192", "4096, 2048", "100000, 2048"})
    void wideRowsMakeShortGroups(int dimensions, int rows) {
        assertThat(RowGroups.rows(List.of(FieldType.STRING, FieldType.embedding(dimensions))))
                .isEqualTo(rows);
    }
}
