package io.modelbatch.step.command;

import java.util.List;
import java.util.Map;

/**
 * A program to run.
 *
 * @param command the program and its arguments
 * @param variables environment variables that its type of step adds
 * @param options how it is run
 * @param work the part that depends on its type of step
 */
record Program(List<String> command, Map<String, String> variables, ProgramOptions options, ProgramWork work) {
    /** Keeps its own copies. */
    Program {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
    }
}
