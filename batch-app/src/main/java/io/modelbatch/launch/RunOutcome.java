package io.modelbatch.launch;

import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import java.util.List;
import java.util.Optional;

/**
 * The end of a command's run.
 *
 * @param exit the exit code
 * @param run the run, as the job repository knows it now
 * @param report where its report is; empty when there is none
 * @param log where its log is; empty when there is none
 * @param cause the cause of a failure; empty when there was none
 * @param next the next steps of an operator, the best first; empty where nothing is left to do
 * @param computed false when the run was complete before and nothing was done
 */
public record RunOutcome(
        ExitCode exit,
        RunSummary run,
        Optional<ReportFiles> report,
        Optional<String> log,
        Optional<String> cause,
        List<NextCommand> next,
        boolean computed) {
    RunOutcome reportedAt(Optional<ReportFiles> place) {
        return new RunOutcome(exit, run, place, log, cause, next, computed);
    }
}
