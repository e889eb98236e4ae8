package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The files that {@code ./mvnw install} leaves, in a Maven repository of a test: the plain jar of this build and its POMs, beside the libraries that the
 * build has used. Maven is offline, so an extension must need no other ones.
 */
final class InstalledJar {
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private InstalledJar() {}

    /** Makes the repository, and returns the environment of a Maven that uses it. */
    static Map<String, String> environment() throws IOException {
        Path home = Path.of("target", "maven-home").toAbsolutePath();
        FileSystemUtils.deleteRecursively(home); // links, but not what they lead to
        Path users = Path.of(System.getProperty("user.home"), ".m2");
        Path repository = Files.createDirectories(home.resolve("repository"));
        link(users.resolve("repository"), repository, "io");
        link(users.resolve("repository/io"), Files.createDirectory(repository.resolve("io")), "modelbatch");
        install(repository, "modelbatch", Path.of("../pom.xml"), "pom");
        install(repository, "batch-app", Path.of("pom.xml"), "pom");
        install(repository, "batch-app", Path.of("target/batch.jar.original"), "jar");
        Files.writeString(
                Files.createDirectories(home.resolve(".m2")).resolve("settings.xml"),
                "<settings><localRepository>%s</localRepository><offline>true</offline></settings>"
                        .formatted(repository));
        return Map.of("MAVEN_OPTS", "-Duser.home=" + home, "MAVEN_USER_HOME", users.toString());
    }

    private static void install(Path repository, String artifact, Path file, String type) throws IOException {
        Path folder = Files.createDirectories(
                repository.resolve("io/modelbatch").resolve(artifact).resolve(VERSION));
        Files.copy(file, folder.resolve("%s-%s.%s".formatted(artifact, VERSION, type)));
    }

    private static void link(Path from, Path to, String all) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(all)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }
}
