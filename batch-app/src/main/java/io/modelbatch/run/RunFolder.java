package io.modelbatch.run;

import io.modelbatch.store.ObjectUri;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where the artifacts of each run go: a folder of its own.
 *
 * @param root the folder of all runs
 * @param repository a name that distinguishes the job repository from others
 * @param namedFrom the first job instance whose files carry that in their names; those of older versions did not
 */
public record RunFolder(ObjectUri root, String repository, long namedFrom) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");
    private static final int ID_CHARACTERS = 8;

    /** Below that folder, for the runs of a job repository. */
    public static RunFolder below(ObjectUri root, JdbcClient repository) {
        return repository
                .sql("select ID, NAMED_FROM from MODELBATCH_REPOSITORY")
                .query((row, n) -> new RunFolder(root, row.getString(1).substring(0, ID_CHARACTERS), row.getLong(2)))
                .single();
    }

    /**
     * Names a run apart from those of every other job repository too, so that nothing of theirs is ever taken for this run's.
     *
     * @param run the run's name
     * @param created when its first execution was created
     */
    public String unique(String run, LocalDateTime created) {
        String name = run + "-" + TIME.format(created);
        return Long.parseLong(run.substring(run.lastIndexOf('-') + 1)) < namedFrom ? name : name + "-" + repository;
    }

    /** The folder of a run. */
    public ObjectUri of(String run, LocalDateTime created) {
        return root.child(unique(run, created));
    }
}
