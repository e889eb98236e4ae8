package io.modelbatch.step.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A control group of Linux that limits memory: the kernel counts the memory of its processes together, and ends one when the limit is reached.
 *
 * @param folder of the group below {@code /sys/fs/cgroup}
 * @param version whose files it has
 */
record ControlGroup(Path folder, Version version) {
    private static final Path SELF = Path.of("/proc/self");

    /** The versions of control groups, with the names of their files. */
    enum Version {
        V1("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"),
        V2("memory.max", "memory.swap.max", "memory.peak", "memory.events");

        private final String limit;
        private final String swap;
        private final String peak;
        private final String events;

        Version(String limit, String swap, String peak, String events) {
            this.limit = limit;
            this.swap = swap;
            this.peak = peak;
            this.events = events;
        }
    }

    /** The group of this process; empty where there is none that counts memory. */
    static Optional<ControlGroup> own() {
        try {
            List<String> groups = Files.readAllLines(SELF.resolve("cgroup"));
            return own(Version.V1, groups).or(() -> own(Version.V2, groups));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * A group below this one, or beside it, with a limit. One of that name is used again.
     *
     * @return empty where this user may not make one
     */
    Optional<ControlGroup> make(String name, long bytes) {
        List<Path> parents = new ArrayList<>(List.of(folder));
        if (version == Version.V2 && folder.getParent() != null) {
            parents.add(folder.getParent());
        }
        return parents.stream()
                .map(parent -> new ControlGroup(parent.resolve(name), version))
                .filter(group -> group.isLimitedTo(bytes))
                .findFirst();
    }

    /** The file that a process writes its id to, to be in the group. */
    Path processes() {
        return folder.resolve("cgroup.procs");
    }

    /** Processes that the kernel ended since the group was made. */
    long kills() {
        return read(version.events)
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("oom_kill "))
                        .findFirst())
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .orElse(0L);
    }

    /** The most bytes that its processes had together. */
    OptionalLong peak() {
        return read(version.peak)
                .map(text -> OptionalLong.of(Long.parseLong(text.strip())))
                .orElse(OptionalLong.empty());
    }

    /** Removes it, when its processes have ended. */
    void remove() throws IOException {
        Files.deleteIfExists(folder);
    }

    private boolean isLimitedTo(long bytes) {
        try {
            if (version == Version.V2
                    && !Arrays.asList(Files.readString(folder.resolveSibling("cgroup.subtree_control"))
                                    .strip()
                                    .split(" "))
                            .contains("memory")) {
                return false;
            }
            Files.createDirectories(folder);
            write(version.limit, Long.toString(bytes));
            if (Files.exists(folder.resolve(version.swap))) {
                write(version.swap, version == Version.V2 ? "0" : Long.toString(bytes));
            }
            return mayJoin();
        } catch (IOException e) {
            return false;
        }
    }

    /** Joined by a shell, which ends at once. */
    private boolean mayJoin() throws IOException {
        return Shell.succeeds("echo $$ > \"$0\"", processes().toString());
    }

    private void write(String file, String value) throws IOException {
        Files.writeString(folder.resolve(file), value);
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(folder.resolve(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<ControlGroup> own(Version version, List<String> groups) {
        return groups.stream()
                .map(line -> line.split(":", 3))
                .filter(fields -> version == Version.V2
                        ? fields[1].isEmpty()
                        : List.of(fields[1].split(",")).contains("memory"))
                .findFirst()
                .flatMap(fields -> folder(version, fields[2]))
                .map(folder -> new ControlGroup(folder, version))
                .filter(group -> Files.exists(group.folder.resolve(version.limit))
                        || Files.exists(group.folder.resolve(version.events))
                        || version == Version.V2
                                && group.read("cgroup.controllers")
                                        .filter(controllers -> List.of(
                                                        controllers.strip().split(" "))
                                                .contains("memory"))
                                        .isPresent());
    }

    /** Where a group is mounted: a container sees a part of the tree. */
    private static Optional<Path> folder(Version version, String group) {
        try {
            for (String line : Files.readAllLines(SELF.resolve("mountinfo"), StandardCharsets.UTF_8)) {
                String[] halves = line.split(" - ", 2);
                String[] mount = halves[0].split(" ");
                String[] type = halves[1].split(" ");
                boolean matches = version == Version.V2
                        ? type[0].equals("cgroup2")
                        : type[0].equals("cgroup")
                                && List.of(type[2].split(",")).contains("memory");
                if (matches) {
                    Path root = Path.of(mount[3]);
                    Path path = Path.of(group);
                    return Optional.of(
                            Path.of(mount[4]).resolve(path.startsWith(root) ? root.relativize(path) : Path.of("")));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
