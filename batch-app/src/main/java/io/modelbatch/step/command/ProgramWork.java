package io.modelbatch.step.command;

import io.modelbatch.facts.Executed;
import io.modelbatch.facts.Facts;
import io.modelbatch.run.StopRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The part of a program's run that depends on its type of step. The methods have the answers for any program, and are called in their order. */
interface ProgramWork {
    /** The work of any program. */
    ProgramWork PLAIN = new ProgramWork() {};

    /** The folder whose files the step copies into its workspace when it begins; empty where {@link #prepare} does it. */
    default Optional<Path> directory(ProgramOptions options) {
        return Optional.ofNullable(options.directory()).map(Path::of);
    }

    /** Prepares what the program reads, before each attempt. */
    default void prepare(Workspace workspace) throws IOException {}

    /** An attempt that has ended, as the files that it left tell its end. */
    default Attempt ended(Attempt attempt, Workspace workspace) throws IOException {
        return attempt;
    }

    /** Keeps files that the last attempt left, also where it failed or was ended. */
    default void keep(Workspace workspace, StopRequest stop) throws IOException, InterruptedException {}

    /** The cause of a failure; empty where exit code and output say more. */
    default Optional<String> cause(Attempt failed) {
        return Optional.empty();
    }

    /** True if a file of the workspace is one that the program left. */
    default boolean isResult(Path relative, Path file) throws IOException {
        return true;
    }

    /** The facts of the step. */
    default Facts facts(Executed program) {
        return program;
    }
}
