package io.modelbatch.step.infer;

import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.step.StepFacts;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.SharedResources.Share;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PinnedRows;
import io.modelbatch.step.rows.RejectLimit;
import io.modelbatch.step.rows.StepInput;
import io.modelbatch.warehouse.LoadOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;

/**
 * Decides, for the manager of an {@code infer} step, what all its partitions are executed from: the rows, the version of the model, the columns
 * of the result and the precision. After the first committed block, later executions of the run keep the decision; before that they decide again.
 */
final class PinInference {
    private final InferServices services;
    private final CommittedResult result;
    private final List<LoadOptions> loads;
    private final InferOptions options;

    /** @param loads later steps that load the rows */
    PinInference(InferServices services, InferOptions options, CommittedResult result, List<LoadOptions> loads) {
        this.services = services;
        this.result = result;
        this.loads = loads;
        this.options = options;
    }

    /**
     * A decision.
     *
     * @param inference the input of the partitions
     * @param opened the model that was opened for that; partitions in this process share it until it is closed
     */
    record Decision(PinnedInference inference, List<Share<?>> opened) implements PinnedRows {
        @Override
        public long totalRows() {
            return inference.input().totalRows();
        }

        @Override
        public PartitionDemand demand() {
            return inference.demand();
        }

        @Override
        public void close() {
            opened.forEach(Share::close);
        }
    }

    /** Decides and commits. */
    Decision pin(StepExecution manager) throws IOException, JobInterruptedException {
        StepInput input = result.source().verified(manager);
        result.before(manager);
        new RejectLimit(services.rows(), result.options(), input.totalRows()).verify(manager);
        Decision decision = decide(manager, input);
        try {
            refuseOtherTables(decision.inference().model().schema());
            commit(manager, decision.inference());
            return decision;
        } catch (RuntimeException e) {
            decision.close();
            throw e;
        }
    }

    private Decision decide(StepExecution manager, StepInput input) throws IOException, JobInterruptedException {
        Optional<PinnedModel> before = services.rows().ledger().rows(manager) == 0
                ? Optional.empty()
                : services.kit().outputs().find(manager, PinnedModel.class);
        return before.isPresent()
                ? new Decision(new PinnedInference(options, input, before.get()), List.of())
                : choose(manager, input);
    }

    private Decision choose(StepExecution manager, StepInput input) throws IOException, JobInterruptedException {
        String redactKey = InferSteps.redaction(options)
                .flatMap(redaction -> Optional.ofNullable(redaction.fingerprint()))
                .orElse(null);
        String address = services.models().resolve(options.model());
        services.kit().run(manager).progress().stage(manager.getStepName(), "opens " + address);
        Share<OpenModel> opened = services.models().open(address, options);
        try {
            RecordSchema schema = schema(input.key(), opened.value().columns(options));
            ChoosePrecision.Chosen chosen = new ChoosePrecision(
                            services, options, services.kit().run(manager).stop())
                    .choose(opened.value(), input, manager);
            PinnedModel model = new PinnedModel(
                    address,
                    opened.value().fingerprint(),
                    opened.value().bytes(),
                    schema,
                    chosen.precision(),
                    redactKey,
                    chosen.trial());
            return new Decision(
                    new PinnedInference(options, input, model),
                    Stream.concat(Stream.of(opened), chosen.model().stream()).toList());
        } catch (RuntimeException | IOException | JobInterruptedException e) {
            opened.close();
            throw e;
        }
    }

    /** A table that does not take the rows is told before they are computed. */
    private void refuseOtherTables(RecordSchema schema) {
        loads.forEach(load -> services.rows()
                .warehouse()
                .verify(load.target(), result.options().format().word(), schema.fields()));
    }

    private void commit(StepExecution manager, PinnedInference inference) {
        StepKit kit = services.kit();
        PinnedModel model = inference.model();
        StepFacts.put(manager, new ModelOpened(new UsedModel(model.address(), model.fingerprint())));
        kit.outputs().put(manager.getExecutionContext(), model);
        kit.outputs().putForPartitions(manager.getExecutionContext(), inference);
        kit.repository().updateExecutionContext(manager);
    }

    /** The fields of a result: the key of a row, and its answer. */
    static RecordSchema schema(RecordSchema.Field key, List<RecordSchema.Field> answers) {
        List<RecordSchema.Field> fields = new ArrayList<>();
        fields.add(key);
        fields.addAll(answers);
        return new RecordSchema(fields);
    }
}
