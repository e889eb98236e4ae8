package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.run.RunFolder;
import io.modelbatch.store.ObjectUri;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class RunFolderTest {
    private static final ObjectUri ROOT = ObjectUri.parse("gs://modelbatch/runs");
    private static final LocalDateTime CREATED = LocalDateTime.of(2026, 3, 31, 3, 15);

    @Test
    void runsOfTwoJobRepositoriesAreNamedApart() {
        assertThat(new RunFolder(ROOT, "0a1b2c3d", 1).of("predict-7", CREATED))
                .hasToString("gs://modelbatch/runs/predict-7-20260331T031500-0a1b2c3d")
                .isNotEqualTo(new RunFolder(ROOT, "4e5f6071", 1).of("predict-7", CREATED));
    }

    @Test
    void runsOfOlderVersionsKeepTheirNames() {
        RunFolder folder = new RunFolder(ROOT, "0a1b2c3d", 7);

        assertThat(folder.unique("my-job-6", CREATED)).isEqualTo("my-job-6-20260331T031500");
        assertThat(folder.unique("my-job-7", CREATED)).isEqualTo("my-job-7-20260331T031500-0a1b2c3d");
    }
}
