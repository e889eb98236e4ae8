package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/tutorial.md}, line by line. */
class TutorialIT {
    @TempDir
    private Path home;

    @Test
    void theTutorial() throws Exception {
        Path folder = TypedPage.of("tutorial.md", "./mvnw -q -DskipTests package\n", home, Map.of())
                .follow();

        assertThat(folder).isEqualTo(home.resolve("tickets"));
        assertThat(folder.resolve("local/warehouse/support/teams.parquet")).exists();
        assertThat(folder.resolve("local/buckets/support-ml/teams/2026-03-31/manifest.json"))
                .exists();
    }
}
