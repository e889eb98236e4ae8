package io.modelbatch.run;

import io.modelbatch.run.claim.RunOwner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that an execution of a run began in, kept in the execution's context.
 *
 * @param host the machine's name
 * @param processId its process id there
 * @param command the command that starts or resumes the run
 * @param version of this program; null where it is not packaged
 */
public record ExecutionProcess(
        String host,
        long processId,
        String command,
        @Nullable String version) {
    private static final String KEY = "modelbatch.process";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** This process, started by a command. */
    public static ExecutionProcess self(String command) {
        RunOwner self = RunOwner.thisProcess();
        return new ExecutionProcess(
                self.host(),
                self.processId(),
                command,
                ExecutionProcess.class.getPackage().getImplementationVersion());
    }

    /** That of an execution with this context; empty where an earlier version kept none. */
    public static Optional<ExecutionProcess> of(ExecutionContext execution) {
        return execution.containsKey(KEY)
                ? Optional.of(JSON.readValue(execution.getString(KEY), ExecutionProcess.class))
                : Optional.empty();
    }

    /** Keeps it with an execution. Its context is not written to the job repository here. */
    public void keep(JobExecution execution) {
        execution.getExecutionContext().putString(KEY, JSON.writeValueAsString(this));
    }
}
