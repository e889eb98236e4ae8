package io.modelbatch;

import io.modelbatch.model.Fixture;
import io.modelbatch.store.google.StorageServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged application as {@code docs/starting.md} starts it: unpacked, and with an archive of the classes that a run loads. A
 * third of the CPU time of {@code java -jar batch.jar}, for tests that start it often. Made once for a jar.
 */
final class QuickStart {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path FOLDER = Path.of("target", "quick-start").toAbsolutePath();
    private static final Path LOCK = FOLDER.resolveSibling("quick-start.lock");
    static final Path JAR = FOLDER.resolve("batch.jar");
    private static final Path ARCHIVE = FOLDER.resolve("batch.jsa");
    private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private QuickStart() {}

    /** The start of a command line that ends with {@code ARGUMENTS}. */
    static List<String> command() {
        return command("-jar", JAR.toString());
    }

    /** The same for a shell. */
    static String shellCommand() {
        return command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** The same for another main class, among the classes of the tests. */
    static List<String> command(Class<?> main) {
        // The archive is good for a class path that begins with the jar.
        return command(
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                JAR + ":" + Path.of("target", "test-classes").toAbsolutePath(),
                main.getName());
    }

    /** Two processes run tests at a time: one makes it, the other waits. */
    private static synchronized List<String> command(String... application) {
        try (FileChannel channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = channel.lock()) {
            if (!isMade()) {
                make();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return java("-XX:SharedArchiveFile=" + ARCHIVE, application);
    }

    private static boolean isMade() throws IOException {
        return Files.exists(ARCHIVE) && time(ARCHIVE).compareTo(time(BatchProcess.JAR)) > 0;
    }

    private static void make() throws IOException, InterruptedException, SQLException {
        FileSystemUtils.deleteRecursively(FOLDER);
        Path work = Files.createDirectories(FOLDER.resolve("work"));
        succeed(
                work,
                List.of(
                        JAVA.toString(),
                        "-Djarmode=tools",
                        "-jar",
                        BatchProcess.JAR.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        FOLDER.toString()),
                Map.of());
        new CommandLine(work).job("predict", SmallShop.PREDICT);
        // with Google's clients, which are half of the classes that a run can load
        try (StorageServer storage = StorageServer.start(work.resolve("storage"))) {
            GoogleShop.BUCKETS.forEach(storage::bucket);
            try (GoogleShop google = GoogleShop.open(work, storage.address(), Map.of())) {
                google.table("shop.lines", "id,text\n1,milk\n2,bread\n");
                google.model("models/tiny", Fixture.named("bert-classification").model());
                List<String> command =
                        new ArrayList<>(java("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-jar", JAR.toString()));
                command.add("job=predict");
                succeed(work, command, google.environment());
            }
        }
    }

    private static List<String> java(String archive, String... application) {
        List<String> command = new ArrayList<>(List.of(JAVA.toString(), archive));
        command.addAll(OPTIONS);
        command.addAll(List.of(application));
        return command;
    }

    private static void succeed(Path folder, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new AssertionError(command + " ended with " + exit + ":\n" + Files.readString(output));
        }
    }

    private static FileTime time(Path file) throws IOException {
        return Files.getLastModifiedTime(file);
    }
}
