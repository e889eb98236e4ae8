package io.modelbatch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The process that has a file open, as Linux tells it of processes of the same user. */
record FileHolder(long process) {
    private static final Path PROCESSES = Path.of("/proc");

    /** Empty where it cannot be found out. */
    static Optional<FileHolder> of(Path file) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(process -> holds(process, file))
                .findFirst()
                .map(FileHolder::new);
    }

    /** The reason why it does not answer, and the way out. */
    String words() {
        return isStopped()
                ? "Process " + process
                        + " has it open and is suspended, for instance by Ctrl-Z. Continue it with: kill -CONT "
                        + process + ", or end it with: kill -9 " + process
                : "Process " + process + " has it open and does not answer. End it with: kill -9 " + process;
    }

    private boolean isStopped() {
        try {
            String stat = Files.readString(folder(process).resolve("stat"));
            // The name in brackets may hold anything; the state follows.
            return stat.startsWith(" T", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean holds(long process, Path file) {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(folder(process).resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).equals(file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path folder(long process) {
        return PROCESSES.resolve(String.valueOf(process));
    }
}
