package io.modelbatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderedFolderTest {
    @TempDir
    private Path home;

    @Test
    void replacesWhatItGeneratedAndRemovesWhatIsNotNeededAnyMore() throws Exception {
        RenderedFolder folder = new RenderedFolder(home.resolve("k8s/predict"));
        folder.write(rendered(Map.of("base/a.yaml", "a: 1\n", "base/b.yaml", "b: 1\n")));
        Path own = Files.writeString(folder.folder().resolve("base/own.yaml"), "c: 1\n");

        folder.write(rendered(Map.of("base/a.yaml", "a: 2\n")));

        assertThat(folder.folder().resolve("base/a.yaml")).content().endsWith("a: 2\n");
        assertThat(folder.folder().resolve("base/b.yaml")).doesNotExist();
        assertThat(own).hasContent("c: 1");
    }

    @Test
    void writesNothingWhereAFileOfSomebodyElseIsInTheWay() throws Exception {
        RenderedFolder folder = new RenderedFolder(home);
        Files.createDirectories(home.resolve("base"));
        Path own = Files.writeString(home.resolve("base/b.yaml"), "mine: 1\n");

        assertThatThrownBy(() -> folder.write(rendered(Map.of("base/a.yaml", "a: 1\n", "base/b.yaml", "b: 1\n"))))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContainingAll(own.toString(), "--to");

        assertThat(home.resolve("base/a.yaml")).doesNotExist();
        assertThat(own).hasContent("mine: 1");
    }

    private static Rendered rendered(Map<String, String> texts) {
        Map<String, String> files = new java.util.HashMap<>(texts);
        files.replaceAll((path, text) -> GeneratedFile.withHeader("predict", text));
        return new Rendered(files, List.of());
    }
}
