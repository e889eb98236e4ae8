package io.modelbatch.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbsolutePathTest {
    @TempDir
    private Path folder;

    @Test
    void theParentOfALinkIsThatOfItsTarget() throws IOException {
        Path target = Files.createDirectories(folder.resolve("real/below"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);

        assertThat(AbsolutePath.of(link.resolve("../local/./buckets")))
                .isEqualTo(folder.toRealPath().resolve("real/local/buckets"));
        assertThat(AbsolutePath.of(link.resolve("local"))).isEqualTo(link.resolve("local"));
    }

    @Test
    void aFolderThatIsNotThereYetHasItsParent() {
        assertThat(AbsolutePath.of(folder.resolve("new/../local"))).isEqualTo(folder.resolve("local"));
        assertThat(AbsolutePath.of(Path.of("/../.."))).isEqualTo(Path.of("/"));
    }
}
