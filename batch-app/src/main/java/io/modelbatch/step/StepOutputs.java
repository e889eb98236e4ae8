package io.modelbatch.step;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/** What a step leaves for later steps of its run: a record, kept as JSON in the step's execution context. */
final class StepOutputs {
    private static final String KEY = "output";

    private final JobRepository repository;
    private final JsonMapper json = JsonMapper.builder().build();

    StepOutputs(JobRepository repository) {
        this.repository = repository;
    }

    /** Becomes visible with the commit of the transaction that the context is saved in. */
    void put(ExecutionContext context, Record output) {
        context.putString(KEY, json.writeValueAsString(output));
    }

    /** What the named step of the same run left. */
    <T extends Record> T of(StepExecution reader, String step, Class<T> type) {
        JobInstance instance = reader.getJobExecution().getJobInstance();
        return new StepMemory(repository)
                .newest(instance, step, KEY)
                .map(context -> json.readValue(context.getString(KEY), type))
                .orElseThrow(() -> new IllegalStateException(
                        "Step " + step + " of " + StepKit.runName(reader) + " left no " + type.getSimpleName()));
    }

    /** What each partition of a step left, in any execution of its run. */
    <T extends Record> Stream<T> ofPartitions(StepExecution manager, Class<T> type) {
        Map<String, StepExecution> newest = new TreeMap<>();
        repository.getJobExecutions(manager.getJobExecution().getJobInstance()).stream()
                .flatMap(execution -> execution.getStepExecutions().stream())
                .filter(step -> step.getStepName().startsWith(manager.getStepName() + ":"))
                .filter(step -> step.getExecutionContext().containsKey(KEY))
                .forEach(step -> newest.merge(
                        step.getStepName(), step, (one, other) -> one.getId() > other.getId() ? one : other));
        return newest.values().stream()
                .map(step -> json.readValue(step.getExecutionContext().getString(KEY), type));
    }

    /** What this or an earlier execution of a step left. */
    <T extends Record> Optional<T> find(StepExecution step, Class<T> type) {
        return new StepMemory(repository)
                .newest(step, KEY)
                .map(context -> json.readValue(context.getString(KEY), type));
    }
}
