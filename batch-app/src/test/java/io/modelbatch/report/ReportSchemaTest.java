package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/report.schema.json}, written again with {@code -Dwrite-report-schema=true}. */
class ReportSchemaTest {
    private static final Path PUBLISHED = Path.of("..", "docs", "report.schema.json");

    @Test
    void thePublishedSchemaIsThatOfTheRecords() throws IOException {
        if (Boolean.getBoolean("write-report-schema")) {
            Files.writeString(PUBLISHED, ReportSchema.text());
        }

        assertThat(PUBLISHED)
                .as("./mvnw -pl batch-app test -Dtest=ReportSchemaTest -Dwrite-report-schema=true writes it")
                .hasContent(ReportSchema.text());
    }

    @Test
    void aReportThatIsNotOneIsRefused() {
        assertThatThrownBy(() -> ReportSchema.requireValid("{\"version\":1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("required property 'executions' not found");
    }
}
