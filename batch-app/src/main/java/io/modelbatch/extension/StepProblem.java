package io.modelbatch.extension;

import java.util.Optional;

/**
 * A mistake in a job file, reported with the line and column of what is wrong.
 *
 * @param step the step that has it: the validated one, or one before it
 * @param option the key whose value is wrong; empty for the step as a whole
 * @param message the problem and the way out; follows the path of the key, so it begins with a verb
 */
public record StepProblem(StepSpec step, Optional<String> option, String message) {}
