package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A result is read by its own run alone, and only as it was written. */
class ResultIntegrityTest {
    private static final int FAILED_FOR_GOOD = 3;

    private static final String PREDICT = """
            parameters:
              day: { type: date }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE day = @day", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/night
                  format: jsonl
                  rejects: { max: 0 }
                  block: { rows: 2 }
              - load: { table: shop.answers, mode: append }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder)
                .job("predict", PREDICT)
                .table("shop.lines", """
                        id,text,day
                        1,milk,2026-01-01
                        2,bread,2026-01-01
                        3,tea,2026-01-01
                        4,soap,2026-01-01
                        5,coffee,2026-01-02
                        6,soap,2026-01-02
                        """)
                .classifier("models/tiny");
    }

    @Test
    void aResumedRunDoesNotLoadTheResultOfAnother() throws Exception {
        failBeforeLoad("day=2026-01-01");
        succeed("day=2026-01-02");

        Ended resumed = shop.run("job=predict", "day=2026-01-01");

        assertThat(resumed.exit()).as(resumed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(resumed.words())
                .contains("gs://results/night", "predict-1-", "predict-2-", "${date}", "again=true")
                .doesNotContain("Exception");
        assertThat(loadedKeys()).containsExactly(5L, 6L);
        succeed("day=2026-01-01", "again=true");
        assertThat(loadedKeys()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    /** The damage of one of two files. */
    private enum Damage {
        DELETED {
            @Override
            void to(Path file, Path sibling) throws IOException {
                Files.delete(file);
            }
        },
        EMPTIED {
            @Override
            void to(Path file, Path sibling) throws IOException {
                Files.write(file, new byte[0]);
            }
        },
        TRUNCATED {
            @Override
            void to(Path file, Path sibling) throws IOException {
                List<String> lines = Files.readAllLines(file);
                Files.write(file, lines.subList(0, lines.size() - 1));
            }
        },
        FLIPPED {
            @Override
            void to(Path file, Path sibling) throws IOException {
                Files.writeString(file, Files.readString(file).replaceFirst("\"score\":0\\.(\\d)", "\"score\":0.0$1"));
            }
        },
        KEY_CHANGED {
            @Override
            void to(Path file, Path sibling) throws IOException {
                Files.writeString(file, Files.readString(file).replaceFirst("\"id\":\\d", "\"id\":9"));
            }
        },
        COPY_OF_A_SIBLING {
            @Override
            void to(Path file, Path sibling) throws IOException {
                Files.copy(sibling, file, StandardCopyOption.REPLACE_EXISTING);
            }
        };

        abstract void to(Path file, Path sibling) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedShardIsNotLoaded(Damage damage) throws Exception {
        failBeforeLoad("day=2026-01-01");
        List<Path> shards = shards();
        damage.to(shards.get(0), shards.get(1));

        Ended resumed = shop.run("job=predict", "day=2026-01-01");

        assertThat(resumed.exit()).as(resumed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(resumed.words())
                .contains(shards.get(0).getFileName().toString(), "again=true")
                .doesNotContain("Exception");
        assertThat(shop.folder().resolve("local/warehouse/shop/answers.parquet"))
                .doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void aManifestListsNoDamagedShard(Damage damage) throws Exception {
        shop.table(
                "shop.lines",
                "id,text,day\n1,milk,2026-01-01\n2,tea,2026-01-01\n3,soap,2026-01-01\n4,x,2026-01-01\n5,,2026-01-01\n");
        assertThat(shop.run("job=predict", "day=2026-01-01").words()).contains("were rejected");
        shop.job("predict", PREDICT.replace("max: 0", "max: 1"));
        List<Path> shards = shards();
        damage.to(shards.get(0), shards.get(1));

        Ended resumed = shop.run("job=predict", "day=2026-01-01", "accept-changes=true");

        assertThat(resumed.exit()).as(resumed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(resumed.words()).contains(shards.get(0).getFileName().toString(), "again=true");
        assertThat(shop.bucket("results/night/manifest.json")).doesNotExist();
    }

    /** The steps that are left do not read the result, but the run delivers it. */
    @ParameterizedTest
    @EnumSource
    void aResumedRunIsNotCompleteWithADamagedResult(Damage damage) throws Exception {
        Path file = folder.resolve("note.txt");
        shop.job(
                "predict",
                PREDICT.substring(0, PREDICT.indexOf("  - load")) + "  - upload: { from: \"" + file
                        + "\", to: gs://notes/note.txt }\n");
        assertThat(predict("day=2026-01-01").words()).contains("note.txt");
        Files.writeString(file, "note");
        List<Path> shards = shards();
        byte[] whole = Files.readAllBytes(shards.get(0));
        damage.to(shards.get(0), shards.get(1));

        Ended resumed = predict("day=2026-01-01");

        assertThat(resumed.exit()).as(resumed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(resumed.words())
                .contains(shards.get(0).getFileName().toString(), "again=true")
                .doesNotContain("Exception");
        Files.write(shards.get(0), whole);
        succeed("day=2026-01-01");
    }

    @Test
    void aManifestThatIsMissingOrDamagedIsWrittenAgain() throws Exception {
        for (String damaged : List.of("", "{", "{\"job\":\"predict\"}")) {
            failBeforeLoad("day=2026-01-01", "again=true");
            Path manifest = shop.bucket("results/night/manifest.json");
            String whole = Files.readString(manifest);
            Files.writeString(manifest, damaged);

            succeed("day=2026-01-01");

            assertThat(Files.readString(manifest)).isEqualTo(whole);
            assertThat(loadedKeys()).containsExactly(1L, 2L, 3L, 4L);
            Files.delete(folder.resolve("local/warehouse/shop/answers.parquet"));
        }
    }

    @Test
    void aShardThatAManifestListsTwiceIsLoadedOnce() throws Exception {
        failBeforeLoad("day=2026-01-01");
        Path manifest = shop.bucket("results/night/manifest.json");
        List<Path> shards = shards();
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace(
                                shards.get(0).getFileName().toString(),
                                shards.get(1).getFileName().toString()));

        succeed("day=2026-01-01");

        assertThat(loadedKeys()).containsExactly(1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"to: gs://results/other", "format: parquet"})
    void aResultIsNotDivided(String change) throws Exception {
        shop.table(
                "shop.lines", "id,text,day\n1,milk,2026-01-01\n2,tea,2026-01-01\n3,soap,2026-01-01\n5,,2026-01-01\n");
        assertThat(predict("day=2026-01-01").words()).contains("were rejected");
        String key = change.substring(0, change.indexOf(':'));
        shop.job("predict", PREDICT.replace("max: 0", "max: 1").replaceFirst(key + ": .*", change));

        Ended changed = predict("day=2026-01-01", "accept-changes=true");

        assertThat(changed.exit()).as(changed.words()).isEqualTo(2);
        assertThat(changed.errors()).contains("infer." + key + ": was", "cannot change", "again=true");
        succeed("day=2026-01-01", "again=true");
        assertThat(loadedKeys()).containsExactly(1L, 2L, 3L);
    }

    /** A link is where the load works, which nobody looks at before the rows are computed, and then it is gone. */
    private void failBeforeLoad(String... words) throws IOException {
        Path inTheWay = folder.resolve("local/warehouse/shop/.load-answers.parquet");
        Files.createSymbolicLink(inTheWay, Path.of("nowhere"));
        assertThat(predict(words).words()).contains(inTheWay.toString());
        Files.delete(inTheWay);
    }

    private void succeed(String... words) {
        Ended ended = predict(words);
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    private Ended predict(String... words) {
        return shop.run(
                Stream.concat(Stream.of("job=predict"), Stream.of(words)).toArray(String[]::new));
    }

    private List<Path> shards() {
        try (Stream<Path> files = Files.list(shop.bucket("results/night"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Long> loadedKeys() throws SQLException {
        List<Long> keys = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM '"
                        + folder.resolve("local/warehouse/shop/answers.parquet") + "' ORDER BY id")) {
            while (rows.next()) {
                keys.add(rows.getLong(1));
            }
        }
        return keys;
    }
}
