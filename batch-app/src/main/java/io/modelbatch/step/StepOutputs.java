package io.modelbatch.step;

import io.modelbatch.run.ProgramVersion;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The outputs of steps for later steps of their run: a record each, kept as JSON in the step's execution context. */
public final class StepOutputs {
    private static final String KEY = "output";
    private static final String FOR_PARTITIONS = "partitions";
    private static final String FOR_PARTITIONS_TYPE = "partitions.type";

    private final RunHistory history;
    private final JsonMapper json = JsonMapper.builder().build();
    /** Of what is executed: a setting that this version does not know is not passed over. */
    private final JsonMapper strict = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    StepOutputs(RunHistory history) {
        this.history = history;
    }

    /** Becomes visible with the commit of the transaction that the context is saved in. */
    public void put(ExecutionContext context, Record output) {
        context.putString(KEY, json.writeValueAsString(output));
    }

    /** Keeps what the partitions of a step are executed from, visible to every process with the commit of the context. */
    public void putForPartitions(ExecutionContext context, Record pinned) {
        context.putString(FOR_PARTITIONS, json.writeValueAsString(pinned));
        context.putString(FOR_PARTITIONS_TYPE, pinned.getClass().getSimpleName());
    }

    /**
     * The outputs that the manager of a step committed for its partitions, read from the job repository.
     *
     * @param execution of the step, or of one of its partitions
     * @throws StepFailedException when another version committed what this one does not know
     */
    public <T extends Record> T forPartitions(StepExecution execution, Class<T> type) {
        return history.context(execution.getJobExecution(), PartitionName.step(execution))
                .filter(context -> context.containsKey(FOR_PARTITIONS))
                .map(context -> strictly(context.getString(FOR_PARTITIONS), type, execution))
                .orElseThrow(() -> new IllegalStateException("Step " + PartitionName.step(execution) + " of "
                        + StepKit.runName(execution) + " committed no " + type.getSimpleName()
                        + " for its partitions"));
    }

    private <T extends Record> T strictly(String pinned, Class<T> type, StepExecution execution) {
        try {
            return strict.readValue(pinned, type);
        } catch (JacksonException e) {
            throw new StepFailedException("Step " + PartitionName.step(execution) + " of " + StepKit.runName(execution)
                    + " was prepared by another version of Modelbatch, with settings that this one, "
                    + ProgramVersion.text() + ", does not know: " + e.getOriginalMessage()
                    + ". Execute its partitions with the version of its manager, or resume the run with this version");
        }
    }

    /** The newest of these outputs of a step of a run; empty where it committed none. */
    public <T extends Record> Optional<T> forPartitions(long run, String step, Class<T> type) {
        return history.newest(run, step, FOR_PARTITIONS)
                .map(context -> json.readValue(context.getString(FOR_PARTITIONS), type));
    }

    /** The simple name of the class of these outputs. */
    public String typeForPartitions(StepExecution execution) {
        return history.context(execution.getJobExecution(), PartitionName.step(execution))
                .filter(context -> context.containsKey(FOR_PARTITIONS_TYPE))
                .map(context -> context.getString(FOR_PARTITIONS_TYPE))
                .orElseThrow(() -> new IllegalStateException("Step " + PartitionName.step(execution) + " of "
                        + StepKit.runName(execution) + " committed nothing for its partitions"));
    }

    /** The output of the named step of the same run. */
    public <T extends Record> T of(StepExecution reader, String step, Class<T> type) {
        JobInstance instance = reader.getJobExecution().getJobInstance();
        return history.newest(instance.getInstanceId(), step, KEY)
                .map(context -> json.readValue(context.getString(KEY), type))
                .orElseThrow(() -> new IllegalStateException(
                        "Step " + step + " of " + StepKit.runName(reader) + " left no " + type.getSimpleName()));
    }

    /** The output of each partition of a step, in any execution of its run. */
    public <T extends Record> Stream<T> ofPartitions(StepExecution manager, Class<T> type) {
        return ofPartitions(manager.getJobExecution().getJobInstance().getInstanceId(), manager.getStepName(), type);
    }

    /**
     * The same of a step that may be at work in another process.
     *
     * @param run the id of the run's job instance
     */
    public <T extends Record> Stream<T> ofPartitions(long run, String step, Class<T> type) {
        return history.newestOfPartitions(run, step, KEY).stream()
                .map(context -> json.readValue(context.getString(KEY), type));
    }

    /** The output of this or an earlier execution of a step. */
    public <T extends Record> Optional<T> find(StepExecution step, Class<T> type) {
        return history.newest(step, KEY).map(context -> json.readValue(context.getString(KEY), type));
    }
}
