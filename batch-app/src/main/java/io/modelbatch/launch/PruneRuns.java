package io.modelbatch.launch;

import io.modelbatch.launch.PrunedRun.State;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunName;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunHeldException;
import io.modelbatch.run.claim.RunLease;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.RunFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what finished runs left beside their results: pinned rows, trained models, logs, reports and the shards in the ledger. The
 * runs themselves stay in the job repository, so that none is ever computed again.
 */
public final class PruneRuns {
    private static final Logger log = LoggerFactory.getLogger(PruneRuns.class);

    private final StoredRuns runs;
    private final RunCatalog catalog;
    private final RunFiles files;
    private final Claims claims;
    private final Clock clock;

    /** Of this job repository. */
    PruneRuns(StoredRuns runs, RunCatalog catalog, RunFiles files, Claims claims, Clock clock) {
        this.runs = runs;
        this.catalog = catalog;
        this.files = files;
        this.claims = claims;
        this.clock = clock;
    }

    /**
     * Finds the runs that can be pruned, and says what they hold. Changes nothing.
     *
     * @param jobFiles the texts of job files, by their names: a run whose folder one of them names is kept
     * @return the newest first
     * @throws RunRefusedException when the choice names a job without runs
     */
    public List<PrunedRun> find(PruneChoice choice, Map<String, String> jobFiles) {
        List<StoredRun> all = runs.all();
        if (choice.job() != null && all.stream().noneMatch(run -> run.job().equals(choice.job()))) {
            throw new RunRefusedException("There are no runs of a job '" + choice.job() + "'; 'status' lists the runs");
        }
        List<StoredRun> chosen = choice.of(all, clock.instant());
        List<Reader> readers = chosen.isEmpty() ? List.of() : readers(all, jobFiles);
        return chosen.stream().map(run -> look(run, readers)).toList();
    }

    /** The runs that are not finished, which are never pruned. */
    public List<String> unfinished(PruneChoice choice) {
        return runs.all().stream()
                .filter(run -> choice.job() == null || run.job().equals(choice.job()))
                .filter(run -> !run.isFinished())
                .map(StoredRun::name)
                .toList();
    }

    /**
     * Removes the files of a run that {@link #find} found, under the lease of its job and parameters: a start at this moment is refused,
     * and a run that is at work is left alone. Whatever interrupts it, it can be repeated.
     */
    public PrunedRun prune(PrunedRun found) {
        if (found.state() != State.PRUNABLE) {
            return found;
        }
        String key = RunControl.key(catalog.find(found.run()).orElseThrow());
        try (RunLease lease = RunLease.take(claims, key, Duration.ZERO, () -> {})) {
            remove(runs.of(RunName.instance(found.run()).orElseThrow()));
            return found.as(State.PRUNED, null);
        } catch (IOException e) {
            return failed(found, e);
        } catch (RunHeldException e) {
            return found.as(State.KEPT, "a process is at work on this job and these parameters");
        }
    }

    private void remove(StoredRun run) throws IOException {
        if (!run.isFinished()) {
            throw new IllegalStateException(
                    run.name() + " is " + run.status() + ", although it had finished a moment ago");
        }
        runs.pruningBegins(run);
        files.remove(run.files(runs.steps(run)));
        runs.pruningEnded(run);
    }

    private PrunedRun look(StoredRun run, List<Reader> readers) {
        RunFiles.Run itsFiles = run.files(runs.steps(run));
        PrunedRun found =
                new PrunedRun(run.name(), run.job(), run.status().name(), run.ended(), 0, 0, State.PRUNABLE, null);
        try {
            RunFiles.Bytes bytes = files.measure(itsFiles);
            PrunedRun measured = new PrunedRun(
                    found.run(),
                    found.job(),
                    found.status(),
                    found.ended(),
                    bytes.pinned(),
                    bytes.folder(),
                    State.PRUNABLE,
                    null);
            Optional<String> reader = readers.stream()
                    .filter(other -> !other.name().equals(run.name()) && files.isNamed(itsFiles, other.text()))
                    .map(Reader::name)
                    .findFirst();
            return reader.map(name -> measured.as(State.KEPT, name + " names a file in its folder"))
                    .orElse(measured);
        } catch (IOException e) {
            return failed(found, e);
        }
    }

    private static PrunedRun failed(PrunedRun run, IOException cause) {
        log.warn("The files of {} could not be removed or read", run.run(), cause);
        String words =
                FailureCause.of(List.of(cause)).map(FailureCause::message).orElseThrow();
        return run.as(State.FAILED, words);
    }

    /** A job file or a run that may read files in the folders of runs, with its text. */
    private record Reader(String name, String text) {}

    /** Job files; and runs that may be resumed, or whose settings the next run of their job will have. */
    private List<Reader> readers(List<StoredRun> newestFirst, Map<String, String> jobFiles) {
        List<Reader> readers = new ArrayList<>();
        jobFiles.forEach((name, text) -> readers.add(new Reader(name, text)));
        Set<String> jobs = new HashSet<>();
        for (StoredRun run : newestFirst) {
            if (jobs.add(run.job()) || !run.isFinished()) {
                runs.contexts(run).forEach(text -> readers.add(new Reader(run.name(), text)));
            }
        }
        return readers;
    }
}
