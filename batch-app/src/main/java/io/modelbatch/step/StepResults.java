package io.modelbatch.step;

import io.modelbatch.extension.ResultReference;
import io.modelbatch.facts.Facts;
import io.modelbatch.jobspec.ResultValues;
import io.modelbatch.run.RunName;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * The values that the complete steps of a run left for the texts of later ones. They are facts of the execution in which a step was
 * completed, so a resumed run finds the same.
 */
record StepResults(JobRepository repository, JobInstance run) implements ResultValues {
    @Override
    public Optional<Object> find(ResultReference reference) {
        StepExecution last = repository.getLastStepExecution(run, reference.step());
        return last == null || last.getStatus() != BatchStatus.COMPLETED
                ? Optional.empty()
                : Optional.of(value(reference, last));
    }

    private Object value(ResultReference reference, StepExecution complete) {
        Object value = StepFacts.of(complete).map(Facts::results).stream()
                .map(results -> results.get(reference.value()))
                .findFirst()
                .orElse(null);
        if (value == null) {
            throw new StepFailedException("Step '" + reference.step() + "' of "
                    + RunName.of(run.getJobName(), run.getInstanceId()) + " left no value '" + reference.value()
                    + "', which a later step refers to as " + reference
                    + ". An earlier version may have run it: again=true starts a new run. Otherwise fix the type of that step,"
                    + " which must report the value among its facts");
        }
        return plain(value);
    }

    /** Numbers are whole or not, whatever their type. */
    private static Object plain(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        return value instanceof Integer || value instanceof Short || value instanceof Byte
                ? (Object) ((Number) value).longValue()
                : value instanceof Long || value instanceof Boolean ? value : value.toString();
    }
}
