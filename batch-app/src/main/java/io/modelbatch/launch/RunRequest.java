package io.modelbatch.launch;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.Notification;
import java.time.Duration;
import java.util.List;

/**
 * The request of a command to run a job.
 *
 * @param job the job and its parameters
 * @param again the policy where there is a run already
 * @param changes the policy where the unfinished run began with other settings
 * @param patience how long to wait for another process that holds the run or what it writes
 * @param command resumes it when it is typed
 * @param notifications the webhooks that are told of its end
 */
public record RunRequest(
        JobSpec job,
        Again again,
        Changes changes,
        Duration patience,
        TypedCommand command,
        List<Notification> notifications) {
    /** The same, for a run that this process has begun. */
    RunRequest resuming() {
        return new RunRequest(job, Again.RESUME, changes, patience, command, notifications);
    }

    /** Where there is a run with these parameters. */
    public enum Again {
        /** Resume it; report it when it is complete. */
        RESUME,
        /** Start a new one; an unfinished one is abandoned. */
        START_NEW
    }

    /** Where the settings are not those that the run began with. */
    public enum Changes {
        REFUSE,
        ACCEPT
    }
}
