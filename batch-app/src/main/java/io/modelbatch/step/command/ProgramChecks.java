package io.modelbatch.step.command;

import io.modelbatch.base.ByteSize;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.DownloadOptions;
import io.modelbatch.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The checks of a step that runs a program. Nothing is executed. */
record ProgramChecks(ObjectStore store, StepTypes types, Workspaces workspaces) {
    /** The finding about a file that need not be there before the run. */
    static final String DOWNLOADED_BEFORE = "is not there yet; an earlier step downloads files";

    /** Of the program itself. */
    Check of(JobStep<?> step, Program program) {
        return Check.of(step, "program " + program.command().get(0), () -> program(step, program));
    }

    /** Of the options. */
    List<Check> of(JobStep<?> step, ProgramOptions options) {
        List<Check> checks = new ArrayList<>();
        if (options.directory() != null) {
            checks.add(Check.of(
                    step, "directory " + options.directory(), () -> directory(step, Path.of(options.directory()))));
        }
        if (!options.inherit().isEmpty()) {
            checks.add(Check.of(step, "inherited variables", () -> {
                ProgramVariables.verifyInherited(options);
                return String.join(", ", options.inherit()) + (options.inherit().size() == 1 ? " is set" : " are set");
            }));
        }
        if (options.limitOptions().memory() != null) {
            checks.add(Check.of(step, "memory limit", () -> {
                try (MemoryLimit limit = MemoryLimit.of(
                        options.limitOptions(),
                        "modelbatch-check-" + ProcessHandle.current().pid())) {
                    return limit.words();
                }
            }));
        }
        options.input().places().values().stream()
                .map(from -> CommonChecks.existing(store, types, step, from))
                .flatMap(Optional::stream)
                .forEach(checks::add);
        options.outputs().folder().ifPresent(folder -> checks.add(CommonChecks.writable(store, folder)));
        return checks;
    }

    private static String program(JobStep<?> step, Program program) {
        Path folder = Path.of(Optional.ofNullable(program.options().directory()).orElse(""))
                .toAbsolutePath();
        try {
            return ProgramFile.find(program.command().get(0), folder, ProgramVariables.path(program.options()))
                    .toString();
        } catch (ProgramException e) {
            if (mayBeDownloaded(step) && program.command().get(0).contains("/")) {
                return DOWNLOADED_BEFORE;
            }
            throw e;
        }
    }

    private String directory(JobStep<?> step, Path directory) throws IOException {
        if (!Files.isDirectory(directory) && mayBeDownloaded(step)) {
            return DOWNLOADED_BEFORE;
        }
        ProgramDirectory.verify(directory, workspaces.root());
        return new ByteSize(Workspaces.bytes(directory)) + " are copied into the workspace";
    }

    /** True when an earlier step can bring files to this machine. */
    static boolean mayBeDownloaded(JobStep<?> step) {
        return step.findBefore(DownloadOptions.class).isPresent();
    }
}
