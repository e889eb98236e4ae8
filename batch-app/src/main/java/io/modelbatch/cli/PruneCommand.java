package io.modelbatch.cli;

import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.launch.PruneRuns;
import io.modelbatch.launch.PrunedRun;
import io.modelbatch.launch.PrunedRun.State;
import io.modelbatch.run.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what old runs left: pinned rows, trained models, logs, reports. Removes it with delete=true.",
            "Results, published models and tables stay, and every run stays known. Never prunes unfinished runs."
        })
final class PruneCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "NAME=VALUE",
            arity = "0..*",
            description = {
                "older-than=30d: runs that ended 30 days ago or earlier (12h: hours)",
                "keep=10: all but the 10 newest runs of each job; with older-than, both must hold",
                "job=NAME: only runs of this job",
                "delete=true: removes; without it nothing is changed"
            })
    private List<String> words = List.of();

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    PruneCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() {
        PruneArguments asked = PruneArguments.parse(words);
        Map<String, String> jobFiles = new JobFiles(settings.jobs()).texts();
        List<PrunedRun> runs;
        List<String> unfinished;
        try (Services services = application.apply(settings)) {
            PruneRuns prune = services.pruneRuns();
            unfinished = prune.unfinished(asked.choice());
            runs = prune.find(asked.choice(), jobFiles);
            if (asked.delete()) {
                runs = runs.stream().map(prune::prune).toList();
            }
        }
        print(asked, runs, unfinished, spec.commandLine().getOut());
        boolean failed = runs.stream().anyMatch(run -> run.state() == State.FAILED);
        return (failed ? ExitCode.FAILED : ExitCode.COMPLETED).code();
    }

    private void print(PruneArguments asked, List<PrunedRun> runs, List<String> unfinished, PrintWriter out) {
        List<String> command = new ArrayList<>(List.of("prune"));
        words.stream().filter(word -> !word.startsWith("delete=")).forEach(command::add);
        command.add("delete=true");
        String next = settings.command(command).text();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("deleted", asked.delete());
            fields.put("runs", runs);
            fields.put("unfinished", unfinished);
            fields.put("command", next);
            out.println(Json.text(fields));
        } else {
            new PruneTable(runs).print(out);
            new PruneTable(runs).conclusion(asked.delete(), next).forEach(out::println);
            if (!unfinished.isEmpty()) {
                out.printf(
                        "Unfinished runs keep everything; there %s: %s. 'abandon RUN' gives one up.%n",
                        unfinished.size() == 1 ? "is one" : "are " + unfinished.size(),
                        String.join(", ", unfinished.subList(0, Math.min(unfinished.size(), PruneTable.NAMES)))
                                + (unfinished.size() > PruneTable.NAMES ? ", …" : ""));
            }
        }
        out.flush();
    }
}
