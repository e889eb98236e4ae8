package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.cli.Services;
import io.modelbatch.cli.Settings;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.model.Fixture;
import io.modelbatch.report.ReportSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.springframework.util.FileSystemUtils;

/** The command line in this process, with job files and a local environment below a folder of its own. */
record CommandLine(Path folder, Class<?>... more) {
    /** With more configurations of Spring. */
    CommandLine with(Class<?>... configurations) {
        return new CommandLine(folder, configurations);
    }

    /**
     * The end of a command.
     *
     * @param exit the exit code
     * @param output what it printed to standard output
     * @param errors what it printed to standard error
     */
    record Ended(int exit, String output, String errors) {
        /** All that it said. */
        String words() {
            return output + errors;
        }
    }

    Ended run(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add("--modelbatch.jobs=" + folder.resolve("job-configs"));
        words.add("--modelbatch.local.home=" + folder.resolve("local"));
        Ended ended =
                run((settings, types) -> BatchApplication.start(settings, types, more), words.toArray(String[]::new));
        if (words.get(0).startsWith("job=")) {
            ReportSchema.requireValid(bucket("modelbatch/runs"));
        }
        return ended;
    }

    /** Runs a command line as it stands. */
    static Ended runAlone(String... words) {
        return run(BatchApplication::start, words);
    }

    private static Ended run(BiFunction<Settings, StepTypes, Services> application, String... words) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = BatchCommand.run(words, application, new PrintWriter(output, true), new PrintWriter(errors, true));
        return new Ended(exit, output.toString(), errors.toString());
    }

    /** Writes a job file. */
    CommandLine job(String name, String yaml) {
        return write("job-configs/" + name + ".yaml", yaml);
    }

    /** Writes a table of the warehouse as CSV. */
    CommandLine table(String name, String csv) {
        return write("local/warehouse/" + name.replace('.', '/') + ".csv", csv);
    }

    /** Puts a small classifier with four labels into a bucket. */
    CommandLine classifier(String path) {
        return model(path, Fixture.named("bert-classification").model());
    }

    /** Copies a directory of files into a bucket. */
    CommandLine model(String path, Path directory) {
        try {
            FileSystemUtils.copyRecursively(directory, bucket(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The file or folder of the local environment that stands for {@code gs://PATH}. */
    Path bucket(String path) {
        return folder.resolve("local/buckets").resolve(path);
    }

    private CommandLine write(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
