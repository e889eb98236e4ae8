package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A manager and workers, each a process of its own, with one PostgreSQL. A worker has a home of its own, which shares buckets and pinned rows with the
 * manager's as machines share Cloud Storage and BigQuery.
 */
final class Fleet implements AutoCloseable {
    private static final String UNDEFINED_TABLE = "42P01";
    /** Of everything that it waits for. */
    private static final int LIMIT_MINUTES = 10;

    private final Path folder;
    private final String url;
    private final Path local;
    private final Path passes;
    private final List<String> command;
    private final List<Member> members = new ArrayList<>();

    /** @param shop the folder with the job files and the home {@code local} of the manager */
    Fleet(Path shop, String url) throws IOException {
        this(shop, url, QuickStart.command());
    }

    /** A fleet of another main class. */
    Fleet(Path shop, String url, Class<?> main) throws IOException {
        this(shop, url, QuickStart.command(main));
    }

    private Fleet(Path shop, String url, List<String> command) throws IOException {
        this.folder = shop;
        this.url = url;
        this.local = Files.createDirectories(shop.resolve("local"));
        this.passes = shop.resolve("passes");
        this.command = command;
    }

    /** A process of the fleet. */
    record Member(Fleet fleet, Process process, Path output) {
        boolean isAlive() {
            return process.isAlive();
        }

        String text() throws IOException {
            return Files.readString(output);
        }

        /** Its exit code. */
        int await() throws InterruptedException, IOException {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("did not end:\n" + fleet.output());
            }
            return process.exitValue();
        }

        /** Waits until it has printed something. */
        void awaitText(String text) throws InterruptedException, IOException {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
            while (!text().contains(text)) {
                if (!isAlive() || System.nanoTime() > end) {
                    throw new AssertionError("did not print " + text + ":\n" + fleet.output());
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** Starts {@code job=...} with workers. */
    Member manager(String workers, String... arguments) throws IOException {
        return manager(Map.of(), workers, arguments);
    }

    /** The same with more variables in its environment. */
    Member manager(Map<String, String> environment, String workers, String... arguments) throws IOException {
        return start(
                local,
                environment,
                Stream.concat(
                                Stream.of(arguments),
                                Stream.of(
                                        "--modelbatch.workers=" + workers,
                                        "--modelbatch.jobs=" + folder.resolve("job-configs")))
                        .toArray(String[]::new));
    }

    /** From now on, each worker of {@link FixedLatency} makes so many passes at the most since its start. */
    void limitPasses(int most) throws IOException {
        Path written = Files.writeString(folder.resolve("passes.new"), String.valueOf(most));
        Files.move(written, passes, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Starts another command in the home of the manager. */
    Member command(String... arguments) throws IOException {
        return start(local, Map.of(), arguments);
    }

    /** Starts a worker. */
    Member worker(String... arguments) throws IOException {
        return worker(Map.of(), arguments);
    }

    /** The same with more variables in its environment. */
    Member worker(Map<String, String> environment, String... arguments) throws IOException {
        Path home = Files.createDirectory(folder.resolve("worker-" + members.size()));
        PartitionProcess.home(home, local);
        return start(
                home,
                environment,
                Stream.concat(Stream.of("worker"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Member start(Path home, Map<String, String> environment, String... arguments) throws IOException {
        Path output = folder.resolve("output-" + members.size() + ".log");
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        words.add("--modelbatch.local.home=" + home);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(PostgresServer.environment(url));
        builder.environment().put(FixedLatency.PASSES, passes.toString());
        builder.environment().putAll(environment);
        Member member = new Member(this, builder.start(), output);
        members.add(member);
        return member;
    }

    /** The address of its database. */
    String url() {
        return url;
    }

    void execute(String change) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute(change);
        }
    }

    long number(String query) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
                var statement = connection.createStatement();
                var count = statement.executeQuery(query)) {
            count.next();
            return count.getLong(1);
        }
    }

    /** 0 as long as its table is not there. */
    private long numberOrNone(String query) throws SQLException {
        try {
            return number(query);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return 0;
            }
            throw e;
        }
    }

    /** Waits until a query's number is at least so much. */
    void until(String query, long least) throws SQLException, InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (numberOrNone(query) < least) {
            if (System.nanoTime() > end) {
                throw new AssertionError(query + " did not reach " + least + "\n" + output());
            }
            Thread.sleep(50);
        }
    }

    /** All that its processes printed. */
    String output() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Member member : members) {
            all.append("== ").append(member.output().getFileName()).append('\n').append(member.text());
        }
        try (Stream<Path> logs = Files.walk(folder)) {
            for (Path log : logs.filter(file -> file.endsWith("logs/batch.log")).toList()) {
                all.append("== ").append(folder.relativize(log)).append('\n').append(Files.readString(log));
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        members.forEach(member -> member.process().destroyForcibly());
    }
}
