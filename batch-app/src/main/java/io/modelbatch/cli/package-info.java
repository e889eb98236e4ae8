/**
 * The verbs of the command line, and what they print.
 *
 * <p>{@link BatchCommand} takes the properties ({@code --a.b=c}) out of the arguments ({@link Settings}) and finds the verb.
 * {@link RunCommand} reads the words {@code NAME=VALUE}, writes missing files of the sample for one of its jobs ({@link SampleShop}), and
 * parses the job file. The file and the parameters become a {@code JobSpec}, with typed values and one {@code StepSpec} for each step. The
 * Spring context is started only after that, so a mistake in a job file is reported within a second.
 *
 * <p>{@link TerminalOutput} and {@link JsonLinesOutput} print the events of a run. The terminal shows an {@link ActiveStep} as the text of
 * a {@link LiveLine}. {@link LiveLine} draws that line itself, because libraries for terminals take the signals that stop a run. At the end
 * {@link RunCommand} prints the last lines ({@link RunResultText}), releases everything and returns the exit code.
 */
@NullMarked
package io.modelbatch.cli;

import org.jspecify.annotations.NullMarked;
