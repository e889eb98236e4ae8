package io.modelbatch.step.transform;

import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.extension.TransformType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PinnedRows;
import io.modelbatch.step.rows.RejectLimit;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.step.rows.StepInput;
import io.modelbatch.warehouse.LoadOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.databind.json.JsonMapper;

/** Commits, for the manager of a transform, what all its partitions are executed from. */
record PinTransform<O extends Record>(
        RowServices services, TransformType<O> type, JobStep<O> step, CommittedResult result)
        implements PinnedRows.Pinning {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private record Pinned(long totalRows) implements PinnedRows {
        @Override
        public PartitionDemand demand() {
            return PartitionDemand.NONE;
        }

        @Override
        public void close() {}
    }

    @Override
    public PinnedRows pin(StepExecution manager) throws IOException {
        StepInput input = result.source().verified(manager);
        result.before(manager);
        new RejectLimit(services, result.options(), input.totalRows()).verify(manager);
        RecordSchema schema = type.schema(step.options(), input.key());
        refuseOtherColumns(manager, schema);
        loads().forEach(load -> services.warehouse()
                .verify(load.target(), result.options().format().word(), schema.fields()));
        StepKit kit = services.kit();
        kit.outputs().put(manager.getExecutionContext(), new TransformOutput(schema));
        kit.outputs()
                .putForPartitions(
                        manager.getExecutionContext(),
                        new PinnedTransform(
                                type.key(), JSON.writeValueAsString(step.options()), result.options(), input, schema));
        kit.repository().updateExecutionContext(manager);
        return new Pinned(input.totalRows());
    }

    /** The jar or the options may have changed since the first block was committed. */
    private void refuseOtherColumns(StepExecution manager, RecordSchema schema) {
        Optional<TransformOutput> before = services.ledger().rows(manager) == 0
                ? Optional.empty()
                : services.kit().outputs().find(manager, TransformOutput.class);
        before.map(TransformOutput::schema)
                .filter(committed -> !committed.equals(schema))
                .ifPresent(committed -> {
                    throw new StepFailedException(
                            "The rows of step " + step.name() + " have the columns " + words(schema)
                                    + " now, and those that the run has committed have " + words(committed)
                                    + ". Undo the change of the step's options or of its jar and resume, or start a new run with again=true");
                });
    }

    private static String words(RecordSchema schema) {
        return schema.fields().stream()
                .map((Field field) -> field.name() + " " + field.type())
                .collect(Collectors.joining(", "));
    }

    /** Later steps that load the rows. */
    private List<LoadOptions> loads() {
        StepTypes types = services.types();
        List<StepSpec> steps = step.steps();
        return steps.stream()
                .filter(later -> later.options() instanceof LoadOptions)
                .filter(later -> types.source(steps.subList(0, steps.indexOf(later)), later)
                        .equals(Optional.of(step.step())))
                .map(later -> (LoadOptions) later.options())
                .toList();
    }
}
