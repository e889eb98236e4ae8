package io.modelbatch.step.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit of a program's memory, as far as this machine can keep one.
 *
 * @param words the keeper of the limit, for a person
 * @param prefix the words before the command
 * @param group of the program; empty where another way keeps the limit, or none
 */
record MemoryLimit(String words, List<String> prefix, Optional<ControlGroup> group) implements AutoCloseable {
    /** No limit. */
    static final MemoryLimit NONE = new MemoryLimit("", List.of(), Optional.empty());

    private static final Logger log = LoggerFactory.getLogger(MemoryLimit.class);

    /**
     * The best way that there is here.
     *
     * @param name for the control group
     */
    static MemoryLimit of(LimitOptions limits, String name) throws IOException {
        return of(limits, name, ControlGroup.own());
    }

    /** The same for a process of that group. */
    static MemoryLimit of(LimitOptions limits, String name, Optional<ControlGroup> own) throws IOException {
        if (limits.memory() == null) {
            return NONE;
        }
        String memory = limits.memory();
        Optional<ControlGroup> made = own.flatMap(group -> group.make(name, limits.bytes()));
        if (made.isPresent()) {
            return new MemoryLimit(
                    memory + " for all processes of the program together, kept by a control group",
                    shell(
                            "echo $$ > \"$0\" && exec \"$@\"",
                            made.get().processes().toString()),
                    made);
        }
        String kilobytes = Long.toString(limits.bytes() / 1024);
        if (Shell.succeeds("ulimit -d \"$0\"", kilobytes)) {
            return new MemoryLimit(
                    memory
                            + " for each process of the program, kept by ulimit -d: this user may make no control group here",
                    shell("ulimit -d \"$0\" && exec \"$@\"", kilobytes),
                    Optional.empty());
        }
        return new MemoryLimit(
                memory + " is not kept: this system has neither control groups for this user nor ulimit -d",
                List.of(),
                Optional.empty());
    }

    /** Removes the control group, once the program has ended. */
    @Override
    public void close() {
        group.ifPresent(made -> {
            try {
                made.remove();
            } catch (IOException e) {
                log.warn("The control group {} could not be removed", made.folder(), e);
            }
        });
    }

    private static List<String> shell(String script, String argument) {
        return List.of(Shell.PATH.toString(), "-c", script, argument);
    }
}
