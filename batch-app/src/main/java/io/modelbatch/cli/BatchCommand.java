package io.modelbatch.cli;

import com.google.common.base.Throwables;
import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.launch.ExtensionException;
import io.modelbatch.launch.InstalledStepTypes;
import io.modelbatch.run.ExitCode;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "batch.jar",
        mixinStandardHelpOptions = true,
        versionProvider = BatchCommand.Version.class,
        synopsisHeading = "",
        customSynopsis = {
            "Usage: java -jar batch.jar job=NAME [parameter=value ...]",
            "                           [again=true] [accept-changes=true] [wait=10m]",
            "       java -jar batch.jar VERB [OPTIONS]",
            ""
        },
        description = {
            "Runs a job, or resumes its unfinished run: the same command resumes what failed or was killed.",
            ""
        },
        footer = {
            "",
            "Properties, as --name=value or as environment variables (MODELBATCH_JOBS, ...):",
            "  --modelbatch.jobs=DIR        folder of the job files (job-configs)",
            "  --modelbatch.extensions=DIR  folder of jars with more types of steps (extensions)",
            "  --modelbatch.local.home=DIR  folder of the local environment (local)",
            "  --modelbatch.local.access=group  lets the group read and write what is below it (owner)",
            "",
            "Beside a job's parameters: again=true starts a new run where there is one; accept-changes=true",
            "resumes a run though its job file changed; wait=10m waits for a run that holds this one or its target.",
            "",
            "Exit codes: 0 completed; 1 failed, worth a retry; 2 usage or configuration;",
            "3 failed, a retry cannot help; 4 stopped, resumable; 5 another process holds the run or its target;",
            "129, 130 or 143 when SIGHUP, Ctrl-C or SIGTERM ended the process before it could stop the run."
        },
        commandListHeading = "Verbs:%n")
public final class BatchCommand {
    private static final int WIDTH = 100;

    private BatchCommand() {}

    /**
     * Runs a command line.
     *
     * @param arguments as {@code main} gets them
     * @param start starts the application, with all step types, when a verb needs it
     * @param out receives the command's output
     * @param standardError receives the reason when it cannot
     * @return the exit status
     */
    public static int run(
            String[] arguments,
            BiFunction<Settings, StepTypes, Services> start,
            PrintWriter out,
            PrintWriter standardError) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        Settings settings = Settings.takenFrom(words, System.getenv());
        PrintWriter errors = settings.googleLog()
                .map(log -> new PrintWriter(new ErrorEntries(standardError, log, InstantSource.system()), true))
                .orElse(standardError);
        StepTypes types;
        try {
            types = InstalledStepTypes.in(settings.extensions());
        } catch (ExtensionException e) {
            errors.println(e.getMessage());
            return ExitCode.USAGE.code();
        }
        Function<Settings, Services> application = its -> start.apply(its, types);
        Function<Settings, Services> existing = existing(application);
        CommandLine commands = new CommandLine(new BatchCommand())
                .addSubcommand(RunCommand.NAME, new RunCommand(settings, types, application))
                .addSubcommand(new ListCommand(settings, types))
                .addSubcommand(new CheckCommand(settings, types, application))
                .addSubcommand(new InitCommand(settings))
                .addSubcommand(new StatusCommand(settings, application))
                .addSubcommand(new ReportCommand(settings, existing))
                .addSubcommand(new ControlCommand.Stop(settings, existing))
                .addSubcommand(new RestartCommand(settings, types, existing))
                .addSubcommand(new ControlCommand.Abandon(settings, existing))
                .addSubcommand(new ControlCommand.Recover(settings, existing))
                .addSubcommand(new PruneCommand(settings, existing))
                .addSubcommand(new WorkerCommand(settings, application))
                .addSubcommand(new BenchCommand(settings, application))
                .addSubcommand(new KubernetesCommand(settings, types))
                .addSubcommand(new SchemaCommand(types));
        commands.setOut(out).setErr(errors).setUsageHelpWidth(WIDTH);
        commands.setExecutionExceptionHandler((exception, command, parsed) ->
                explain(exception, settings, errors).code());
        List<String> problems = Stream.concat(
                        NotUtf8.problems(List.of(arguments), settings).stream(), settings.problems().stream())
                .toList();
        if (!problems.isEmpty()) {
            problems.forEach(errors::println);
            errors.flush();
            return ExitCode.USAGE.code();
        }
        if (words.isEmpty()) {
            commands.usage(errors);
            return ExitCode.USAGE.code();
        }
        List<String> verbs = commands.getSubcommands().keySet().stream()
                .filter(verb -> !verb.equals(RunCommand.NAME))
                .toList();
        CommandSynonyms spoken = new CommandSynonyms(List.copyOf(words), settings, verbs);
        if (spoken.job().isPresent()) {
            errors.println(spoken.job().get());
            return ExitCode.USAGE.code();
        }
        advise(commands, spoken, errors);
        List<String> understood = new ArrayList<>(spoken.understood());
        if (isRun(understood)) {
            understood.add(0, RunCommand.NAME);
        }
        return commands.execute(understood.toArray(String[]::new));
    }

    /** Falls back to picocli's message about the options of a verb. */
    private static void advise(CommandLine commands, CommandSynonyms spoken, PrintWriter errors) {
        CommandLine.IParameterExceptionHandler usual = commands.getParameterExceptionHandler();
        commands.setParameterExceptionHandler((exception, arguments) -> {
            Optional<String> advice = spoken.advice();
            if (advice.isEmpty()) {
                return usual.handleParseException(exception, arguments);
            }
            errors.println(advice.get());
            return ExitCode.USAGE.code();
        });
    }

    /** For verbs about runs that there are: they make no job repository. */
    private static Function<Settings, Services> existing(Function<Settings, Services> application) {
        return settings -> {
            if (!settings.hasRepository()) {
                throw new UsageException(
                        "There are no runs yet: no job has run with the folder " + settings.localHome());
            }
            return application.apply(settings);
        };
    }

    /** Assignments without a verb before them. */
    private static boolean isRun(List<String> words) {
        return words.stream().anyMatch(word -> word.startsWith(JobCommand.JOB + "="))
                && words.get(0).contains("=");
    }

    private static ExitCode explain(Exception exception, Settings settings, PrintWriter errors) {
        Optional<Remedy> remedy = exception instanceof Explained explained ? explained.remedy() : Optional.empty();
        if (remedy.isPresent()) {
            errors.println(exception.getMessage());
            return ExitCode.after(remedy.get());
        }
        LoggerFactory.getLogger(BatchCommand.class).error("Unexpected", exception);
        Optional<String> disk = settings.localFolders().diskFailure(exception);
        if (disk.isPresent()) {
            errors.println(disk.get());
            return ExitCode.FAILED;
        }
        Optional<RepositoryFailure> repository = RepositoryFailure.of(exception, settings.repository());
        if (repository.isPresent()) {
            errors.println(repository.get().message());
            return repository.get().exit();
        }
        errors.println("Failed: " + Throwables.getRootCause(exception) + "; more in "
                + settings.localHome().resolve("logs/batch.log"));
        return ExitCode.FAILED;
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BatchCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "Modelbatch " + (version == null ? "(not packaged)" : version),
                "Java " + Map.copyOf(System.getProperties()).getOrDefault("java.version", "?")
            };
        }
    }
}
