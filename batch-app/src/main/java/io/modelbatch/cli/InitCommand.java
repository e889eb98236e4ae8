package io.modelbatch.cli;

import io.modelbatch.cli.SampleFile.State;
import io.modelbatch.run.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Writes the sample shop: job files, receipt lines and a small model. Never changes an existing file.")
final class InitCommand implements Callable<Integer> {
    private final Settings settings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    InitCommand(Settings settings) {
        this.settings = settings;
    }

    /** Names the files that cannot be written because something else is there: the sample's jobs may not run without them. */
    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean changed = false;
        boolean whole = true;
        SampleShop sample = new SampleShop(settings);
        List<SampleFile> files = sample.files();
        sample.makeHome();
        for (SampleFile file : files) {
            boolean written = file.writeIfMissing();
            if (written) {
                out.println("Wrote " + file.target());
            } else if (file.state() != State.THERE) {
                out.println("Not written: " + file.target() + ", because " + file.obstacle() + " already exists");
                whole = false;
            }
            changed |= written;
        }
        if (!changed && whole) {
            out.println("The sample is complete: all " + files.size() + " files exist already.");
        }
        out.println(
                whole
                        ? next()
                        : "The sample is incomplete here, so its jobs may fail. In an empty folder 'init' writes all of it.");
        return ExitCode.COMPLETED.code();
    }

    private String next() {
        return settings.isLocal()
                ? "Next: " + settings.command(List.of("job=train")).text()
                : "Its tables and its model are files of the local environment: its jobs run without the profile gcp.";
    }
}
