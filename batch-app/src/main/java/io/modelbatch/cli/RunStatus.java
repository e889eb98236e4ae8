package io.modelbatch.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelbatch.launch.NextCommand;
import io.modelbatch.run.RunSummary;
import java.util.List;

/**
 * A run in the output of {@code status --json}.
 *
 * @param run as the job repository knows it
 * @param next the next steps of an operator
 */
record RunStatus(@JsonUnwrapped RunSummary run, List<NextCommand> next) {}
