package io.modelbatch.step.rows;

import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.result.Manifest;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.StepExecution;

/**
 * The result of a step. What belongs to it is in the job repository, and what lies in its folder is compared with that:
 * another run may have replaced the folder's manifest, and objects may have been damaged.
 *
 * @param step the step's name
 * @param source the step whose rows it was made of
 */
public record CommittedResult(RowServices services, ResultOptions options, String step, RowSource source) {
    private static final Logger log = LoggerFactory.getLogger(CommittedResult.class);
    static final String WAY_OUT = "; again=true starts a new run, which computes the rows again";

    /** A result whose objects are as they were written. */
    public record Verified(Manifest manifest, List<StoredObject> shards) {}

    /** The result of a step, for one of the same job. */
    public static CommittedResult of(StepSpec step, JobStep<?> job, RowServices services) {
        return new CommittedResult(
                services, services.types().result(step).orElseThrow(), step.name(), RowSource.of(job, step, services));
    }

    private StepKit kit() {
        return services.kit();
    }

    private ObjectStore store() {
        return services.store();
    }

    ObjectUri folder() {
        return options.folder();
    }

    /** The manifest that the folder must have after the step, from what the run committed. */
    Manifest committed(StepExecution reader) {
        StepInput input = source.input(reader);
        ResultOutput output = output(reader);
        long made = services.ledger().rows(reader, step);
        if (made != input.totalRows()) {
            throw new StepFailedException("The shards and rejects of step " + step + " were made of " + made
                    + " rows, and its input has " + input.totalRows() + WAY_OUT);
        }
        return new Manifest(
                reader.getJobExecution().getJobInstance().getJobName(),
                kit().uniqueRun(reader),
                options.format().word(),
                output.schema().fields(),
                services.ledger().shards(reader, step),
                services.ledger().rejects(reader, step),
                output.origin(input.fingerprint()));
    }

    private ResultOutput output(StepExecution reader) {
        return kit().outputs().of(reader, step, ResultOutput.class);
    }

    /** The columns of the result, as the run committed them. */
    RecordSchema schema(StepExecution reader) {
        return output(reader).schema();
    }

    /**
     * The finished result, for a later step of the same run. A manifest that is missing or damaged is written again.
     *
     * @throws StepFailedException when another run has replaced it
     * @throws DamagedObjectException when an object is missing or damaged
     */
    public Verified finished(StepExecution reader) throws IOException {
        Manifest committed = committed(reader);
        there().filter(committed::isOfAnotherRun).ifPresent(other -> {
            throw new StepFailedException(folder() + " holds the result of run " + other.run()
                    + ", which replaced that of this run, " + committed.run()
                    + ". Nothing was read. Give each run its own folder in 'to' of step " + step
                    + ", for instance with a parameter such as ${date}; to compute the rows of this run again:"
                    + " again=true");
        });
        return verified(committed);
    }

    /**
     * Verifies a result that was complete before its run was resumed. One that another run has replaced since is no longer this run's.
     *
     * @throws DamagedObjectException when an object is missing or damaged
     */
    public void verifyUnlessReplaced(StepExecution complete) throws IOException {
        Manifest committed = committed(complete);
        if (there().filter(committed::isOfAnotherRun).isEmpty()) {
            verified(committed);
        }
    }

    private Verified verified(Manifest committed) throws IOException {
        List<StoredObject> shards = verified(committed, store().list(folder()));
        if (!there().equals(Optional.of(committed))) {
            log.warn("{} was missing or damaged, and is written again", Manifest.uri(folder()));
            committed.write(store(), folder());
        }
        return new Verified(committed, shards);
    }

    /**
     * The result that lies in the folder before that of this run: an earlier one of its job, or its own.
     *
     * @throws StepFailedException when it belongs to another job, or its manifest does not tell
     */
    public Optional<Manifest> before(StepExecution manager) throws IOException {
        String job = manager.getJobExecution().getJobInstance().getJobName();
        Optional<Manifest> there;
        try {
            there = Manifest.find(store(), folder());
        } catch (DamagedObjectException e) {
            throw new StepFailedException(e.getMessage() + "; it does not say whose result it lists. Remove it if its"
                    + " result is not needed, or choose another folder in 'to'");
        }
        if (there.isPresent() && !there.get().job().equals(job)) {
            throw new StepFailedException(folder() + " holds the result of job '"
                    + there.get().job() + "' (run " + there.get().run()
                    + "), which this job must not replace; choose another folder in 'to'");
        }
        return there;
    }

    /** The objects of a manifest as they are in the folder. */
    List<StoredObject> verified(Manifest manifest, List<StoredObject> listing) throws IOException {
        try {
            return manifest.verified(store(), folder(), listing);
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(e.getMessage() + WAY_OUT);
        }
    }

    private Optional<Manifest> there() throws IOException {
        try {
            return Manifest.find(store(), folder());
        } catch (DamagedObjectException e) {
            return Optional.empty();
        }
    }
}
