package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.google.BigQueryServer;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.BigQuerySettings;
import io.modelbatch.warehouse.google.BigQueryWarehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputRowsTest {
    private static final int ROWS = 12_000;

    @Test
    void aSessionMayExpireWhileRowsAreRead(@TempDir Path folder) throws Exception {
        try (BigQueryServer server =
                        BigQueryServer.start(folder).dataset("shop", "EU").dataset("pinned", "EU");
                BigQueryWarehouse warehouse = BigQueryWarehouse.open(
                        new GoogleProject("project", NoCredentials.getInstance()), settings(server))) {
            server.execute("CREATE TABLE shop.lines AS SELECT CAST(range AS BIGINT) AS id FROM range(" + ROWS + ")");
            PinnedInput input = warehouse.extract(new Extraction(
                    "pin", "SELECT id FROM shop.lines", Map.of(), "id", List.of(), 1, Extraction.Billing.NONE));

            server.order(Fault.SESSION_EXPIRED);
            assertThat(InputRows.first(warehouse, input, List.of("id"), 10)
                            .orElseThrow()
                            .rows())
                    .isEqualTo(10);
            server.order(Fault.SLOW, Fault.SESSION_EXPIRED, Fault.SESSION_EXPIRED);
            assertThat(InputRows.all(warehouse, input, List.of("id")))
                    .extracting(InputRows.Row::key)
                    .containsExactlyElementsOf(LongStream.range(0, ROWS).boxed().toList());
            assertThat(server.injected()).containsEntry(Fault.SESSION_EXPIRED, 3);
        }
    }

    private static BigQuerySettings settings(BigQueryServer server) {
        return new BigQuerySettings(
                "EU", "pinned", BigQuerySettings.EXPIRATION, null, server.restAddress(), server.storageAddress());
    }
}
