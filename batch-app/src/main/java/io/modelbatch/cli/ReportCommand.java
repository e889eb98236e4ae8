package io.modelbatch.cli;

import io.modelbatch.launch.TypedCommand;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Says what a run did, and where the page about it is. The newest run by default.",
            "Prints JSON where the output is not a terminal."
        })
final class ReportCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "a run's name, as status prints it")
    private @Nullable String run;

    @Option(names = "--json", description = "as JSON, on a terminal too")
    private boolean json;

    ReportCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        try (Services services = application.apply(settings)) {
            String name = run == null ? newest(services) : run;
            RunSummary summary = RunMessages.find(name, services.catalog());
            if (summary.pruned() != null) {
                throw new UsageException(
                        "Run " + name + " was pruned: its report, logs and pinned rows were removed at "
                                + summary.pruned() + ". 'status' still shows its counts");
            }
            PrintWriter out = spec.commandLine().getOut();
            TypedCommand resume = settings.resume(summary.job(), summary.parameters());
            if (json || !Terminal.isThere()) {
                out.println(new String(services.reports().json(summary, resume), StandardCharsets.UTF_8));
            } else {
                RunText.print(summary, settings, out);
                services.reports()
                        .highlights(summary, resume)
                        .forEach(line -> out.println(RunText.wrapped("  " + printable(line))));
                out.println(RunText.wrapped("Report: " + services.reports().page(summary, resume)));
            }
        }
        return ExitCode.COMPLETED.code();
    }

    /** Reasons come from data: they change neither the terminal's colors nor its lines. */
    private static String printable(String line) {
        return line.replaceAll("\\p{Cntrl}", " ");
    }

    private static String newest(Services services) {
        List<RunSummary> runs = services.catalog().newest(null);
        if (runs.isEmpty()) {
            throw new UsageException("There are no runs yet");
        }
        return runs.get(0).run();
    }
}
