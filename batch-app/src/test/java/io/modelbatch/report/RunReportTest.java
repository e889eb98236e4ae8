package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunReportTest {
    @Test
    void theDocsNameEveryKey() throws IOException {
        String docs = Files.readString(Path.of("..", "docs", "report.md"));

        assertThat(Stream.of(
                                RunReport.class,
                                RunReport.Step.class,
                                RunReport.Next.class,
                                ReportedProcess.class,
                                RunEnvironment.class,
                                RunReport.Execution.class,
                                RunReport.Previous.class,
                                Attempt.class,
                                Pace.class,
                                Drift.class,
                                Cost.class)
                        .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                        .map(RecordComponent::getName))
                .allSatisfy(key -> assertThat(docs).contains("`" + key + "`"));
    }
}
