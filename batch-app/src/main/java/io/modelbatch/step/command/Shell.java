package io.modelbatch.step.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The shell of the system. Only a process itself can limit itself or join a control group. */
final class Shell {
    static final Path PATH = Path.of("/bin/sh");

    private Shell() {}

    /** True when a script ends with exit code 0. Its argument is {@code $0}. */
    static boolean succeeds(String script, String argument) throws IOException {
        if (!Files.isExecutable(PATH)) {
            return false;
        }
        try {
            return new ProcessBuilder(List.of(PATH.toString(), "-c", script, argument))
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
