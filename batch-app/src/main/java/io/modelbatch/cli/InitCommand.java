package io.modelbatch.cli;

import io.modelbatch.cli.SampleFile.State;
import io.modelbatch.launch.ExitCode;
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
                "Writes the sample shop: job files, receipt lines and a small model. Changes no file that is there.")
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
                out.println("Not written: " + file.target() + ", for " + file.obstacle() + " is there already");
                whole = false;
            }
            changed |= written;
        }
        if (!changed && whole) {
            out.println("The sample is here already, all " + files.size() + " files of it.");
        }
        out.println(
                whole ? next() : "The sample is not complete, so its jobs may not run here. In an empty folder it is.");
        return ExitCode.COMPLETED.code();
    }

    private String next() {
        return settings.isLocal()
                ? "Next: " + settings.command(List.of("job=train")).text()
                : "Its tables and its model are files of the local environment: its jobs run without the profile gcp.";
    }
}
