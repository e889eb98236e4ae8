package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The scripts of the job repository. */
final class MigrationScripts {
    private MigrationScripts() {}

    /** Those for {@code h2} or {@code postgresql}, in the order of their versions: V10 comes after V9. */
    static List<Path> of(String vendor) throws IOException {
        try (Stream<Path> scripts = Files.list(Path.of("..", "sql", vendor))) {
            return scripts.sorted(Comparator.comparingInt(MigrationScripts::version))
                    .toList();
        }
    }

    private static int version(Path script) {
        String name = script.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }
}
