package io.modelbatch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts that the live test kit tests: a contract each, and the shipped jobs. */
enum LivePart {
    QUERIES(LiveQueries.class),
    LOADS(LiveLoads.class),
    TABLES(LiveTables.class),
    SESSIONS(LiveSessions.class),
    OBJECTS(LiveObjects.class),
    WAREHOUSE(LiveWarehouse.class),
    TOKENS(LiveTokens.class),
    JOBS(LiveJobs.class);

    private final Class<?> tests;

    LivePart(Class<?> tests) {
        this.tests = tests;
    }

    Class<?> tests() {
        return tests;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those of a list with commas, all where none is given; a name that is unknown is a problem. */
    static List<LivePart> named(@Nullable String list, List<String> problems) {
        if (list == null) {
            return List.of(values());
        }
        List<String> names = Stream.of(list.split(",")).map(String::strip).toList();
        String known = Arrays.stream(values()).map(LivePart::toString).collect(Collectors.joining(", "));
        List<String> unknown = names.stream()
                .filter(name -> Arrays.stream(values())
                        .noneMatch(part -> part.toString().equals(name)))
                .toList();
        unknown.forEach(
                name -> problems.add("-Donly=" + list + ": there is no part '" + name + "'; there are " + known + "."));
        return Arrays.stream(values())
                .filter(part -> names.contains(part.toString()))
                .toList();
    }
}
