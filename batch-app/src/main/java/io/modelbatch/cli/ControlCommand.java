package io.modelbatch.cli;

import io.modelbatch.launch.RunControl;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A verb that does one thing to one run. */
@Command(mixinStandardHelpOptions = true)
abstract sealed class ControlCommand implements Callable<Integer>
        permits ControlCommand.Stop, ControlCommand.Abandon, ControlCommand.Recover {
    private final Settings settings;
    private final Function<Settings, Services> application;
    private final BiFunction<RunControl, String, RunSummary> verb;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "a run's name, as status prints it")
    private String run = "";

    private ControlCommand(
            Settings settings,
            Function<Settings, Services> application,
            BiFunction<RunControl, String, RunSummary> verb) {
        this.settings = settings;
        this.application = application;
        this.verb = verb;
    }

    @Override
    public Integer call() {
        try (Services services = application.apply(settings)) {
            refuse(RunMessages.find(run, services.catalog()));
            RunSummary after = verb.apply(services.runControl(), run);
            PrintWriter out = spec.commandLine().getOut();
            out.println(after.run() + " is " + after.status());
            updateReport(services, after);
            String next = RunMessages.next(after, settings, "");
            if (!next.isEmpty()) {
                out.println(next);
            }
        }
        return ExitCode.COMPLETED.code();
    }

    /** The verb has done its work, whether the report can be written or not. */
    private void updateReport(Services services, RunSummary after) {
        try {
            services.reports().update(after, settings.resume(after.job(), after.parameters()));
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("The report of " + after.run() + " could not be written: " + e.getMessage());
        }
    }

    /** Before anything is done with the run. */
    void refuse(RunSummary before) {}

    @Command(name = "stop", description = "Stops a run that another process works on; the same command resumes it.")
    static final class Stop extends ControlCommand {
        private final Settings settings;

        Stop(Settings settings, Function<Settings, Services> application) {
            super(settings, application, RunControl::stop);
            this.settings = settings;
        }

        /** A dead run has nothing to stop, and looks like one that runs. */
        @Override
        void refuse(RunSummary before) {
            if (before.isDead()) {
                throw new UsageException(before.run() + " is not running: " + RunMessages.process(before) + "\n"
                        + RunMessages.next(before, settings, ""));
            }
        }
    }

    @Command(name = "abandon", description = "Abandons an unfinished run for good. Its command then starts a new run.")
    static final class Abandon extends ControlCommand {
        Abandon(Settings settings, Function<Settings, Services> application) {
            super(settings, application, RunControl::abandon);
        }
    }

    @Command(
            name = "recover",
            description = "Marks a run as failed, so that it can be resumed, when its process has ended.")
    static final class Recover extends ControlCommand {
        Recover(Settings settings, Function<Settings, Services> application) {
            super(settings, application, RunControl::recover);
        }
    }
}
