package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** Local environments at places whose names mean something to a part of the application, and on several volumes. */
class OddPlacesTest {
    private static final Path OTHER_VOLUME = Path.of("/dev/shm");

    @TempDir
    private Path folder;

    static Stream<String> names() {
        return Stream.of(
                "with space",
                "it's \"quoted\"",
                "{x}",
                "${user.name}",
                "#{1+1}",
                "%d{yyyy}%i",
                "a*b?",
                "c[d-e]",
                "売上 😀",
                "region=eu",
                "dot.",
                "a#b&c,d!",
                "(x) ~ -y",
                "x".repeat(200));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everythingStaysInAHomeOfThatName(String name) throws IOException {
        Path home = Files.createDirectory(folder.resolve(name));
        CommandLine shop = shop(home);

        CommandLine.Ended ended = shop.run("job=predict");
        CommandLine.Ended status = shop.run("status");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("load 2 rows");
        assertThat(status.output()).contains("predict-1  COMPLETED");
        for (String file : List.of(
                "repository/modelbatch.mv.db",
                "logs/batch.log",
                "warehouse/shop/answers.parquet",
                "buckets/results/all/manifest.json")) {
            assertThat(home.resolve("local").resolve(file)).exists();
        }
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside).containsExactly(home);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "c\\d"})
    void aNameThatH2CannotHaveIsRefused(String name) throws IOException {
        CommandLine shop = shop(Files.createDirectory(folder.resolve(name)));

        CommandLine.Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors()).contains("modelbatch.local.home is", "name another folder");
        assertThat(shop.run("check", "job=predict").exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"warehouse/shop", "buckets/results", "buckets/results/all", "cache", "pinned", "repository"})
    void aFolderMayBeAVolumeOfItsOwn(String name) throws IOException {
        assumeTrue(
                Files.isWritable(OTHER_VOLUME)
                        && !Files.getFileStore(OTHER_VOLUME).equals(Files.getFileStore(folder)),
                "this machine has no second volume at " + OTHER_VOLUME);
        CommandLine shop = shop(folder);
        Path place = folder.resolve("local").resolve(name);
        Path volume = OTHER_VOLUME.resolve("modelbatch-" + UUID.randomUUID());
        try {
            if (Files.exists(place)) {
                FileSystemUtils.copyRecursively(place, volume);
                FileSystemUtils.deleteRecursively(place);
            }
            Files.createDirectories(volume);
            Files.createDirectories(place.getParent());
            Files.createSymbolicLink(place, volume);

            assertThat(shop.run("check", "job=predict").exit()).isZero();
            CommandLine.Ended ended = shop.run("job=predict");
            CommandLine.Ended again = shop.run("job=predict", "again=true");

            assertThat(ended.exit()).as(ended.words()).isZero();
            assertThat(ended.output()).contains("load 2 rows");
            assertThat(again.exit()).as(again.words()).isZero();
        } finally {
            FileSystemUtils.deleteRecursively(volume);
        }
    }

    private static CommandLine shop(Path home) {
        return new CommandLine(home)
                .job("predict", SmallShop.PREDICT)
                .table("shop.lines", "id,text\n1,milk\n2,bread\n")
                .classifier("models/tiny");
    }
}
