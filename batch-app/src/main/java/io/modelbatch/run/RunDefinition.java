package io.modelbatch.run;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * The definition of a run: the settings of its job and the version of this program. Spring Batch knows steps by their names alone, so a run
 * that is resumed with other settings would end as a mixture that nobody asked for.
 *
 * @param settings by {@code step.key}
 * @param spelled those of them that a job file spells otherwise, as it spells them; null where an earlier version began it
 * @param description the description of its job; null where the job file has none
 * @param samples whether texts of rows may stand in its report; null where an earlier version began it, and then they may not
 * @param accepted changes to the settings that were accepted since the run began
 */
public record RunDefinition(
        Map<String, String> settings,
        @Nullable Map<String, String> spelled,
        @Nullable String description,
        @Nullable Boolean samples,
        List<String> accepted) {
    private static final String KEY = "modelbatch.definition";
    private static final String VERSION = "modelbatch";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Keeps its own copies. */
    public RunDefinition {
        settings = new LinkedHashMap<>(settings);
        spelled = spelled == null ? null : new LinkedHashMap<>(spelled);
        accepted = List.copyOf(accepted);
    }

    /** That of a job with these settings, by this version of the program. */
    public static RunDefinition of(
            Map<String, String> jobSettings,
            Map<String, String> spelled,
            @Nullable String description,
            @Nullable Boolean samples) {
        Map<String, String> settings = new LinkedHashMap<>(jobSettings);
        String version = RunDefinition.class.getPackage().getImplementationVersion();
        if (version != null) { // only a packaged program has one
            settings.put(VERSION, version);
        }
        return new RunDefinition(settings, spelled, description, samples, List.of());
    }

    /** That of an execution; empty where the process died before it could be kept, and nothing was done. */
    public static Optional<RunDefinition> of(JobExecution execution) {
        return of(execution.getExecutionContext());
    }

    /** That of an execution with this context. */
    public static Optional<RunDefinition> of(ExecutionContext execution) {
        return execution.containsKey(KEY)
                ? Optional.of(JSON.readValue(execution.getString(KEY), RunDefinition.class))
                : Optional.empty();
    }

    /** The settings as a job file spells them. */
    public Map<String, String> written() {
        Map<String, String> written = new LinkedHashMap<>(settings);
        if (spelled != null) {
            written.putAll(spelled);
        }
        return written;
    }

    /** Keeps it with an execution. Its context is not written to the job repository here. */
    public void keep(JobExecution execution) {
        execution.getExecutionContext().putString(KEY, JSON.writeValueAsString(this));
    }

    /**
     * The settings that differ from those of an earlier definition. An option that an earlier version did not have, and that the job leaves
     * to its default, is not a change.
     *
     * @param defaults the settings of this that are defaults
     */
    public List<Change> changesSince(RunDefinition before, Set<String> defaults) {
        Set<String> keys = new LinkedHashSet<>(before.settings.keySet());
        keys.addAll(settings.keySet());
        return keys.stream()
                .map(key -> new Change(key, before.settings.get(key), settings.get(key)))
                .filter(change -> !Objects.equals(change.was(), change.is()))
                .filter(change -> change.was() != null || !defaults.contains(change.key()))
                .toList();
    }

    /** This, with what was accepted before and now. */
    public RunDefinition accepting(List<String> before, List<Change> now) {
        return new RunDefinition(
                settings,
                spelled,
                description,
                samples,
                Stream.concat(before.stream(), now.stream().map(Change::toString))
                        .toList());
    }

    /** A setting that is another one now; null where it is not there. */
    public record Change(
            String key, @Nullable String was, @Nullable String is) {
        /** True if it would change work that has been done. */
        public boolean concerns(Set<String> stepsBegun) {
            int dot = key.indexOf('.');
            return dot < 0 ? !stepsBegun.isEmpty() : stepsBegun.contains(key.substring(0, dot));
        }

        /** True when another version of this program began the run. This one completes it, and the report names both. */
        public boolean isOfVersion() {
            return key.equals(VERSION);
        }

        /** True when it is another value of an option, or of a part of it. */
        public boolean isOf(String option) {
            return (key + ".").startsWith(key.substring(0, key.indexOf('.') + 1) + option + ".");
        }

        @Override
        public String toString() {
            return key + ": was " + words(was) + ", is " + words(is);
        }
    }

    private static String words(@Nullable String value) {
        return value == null ? "not there" : "'" + value + "'";
    }
}
