/**
 * The step type {@code command}: a program of the user as a child process. {@link io.modelbatch.step.command.RunProgram} is its work, for other
 * types that run programs too.
 *
 * <p>The program is started in a {@link io.modelbatch.step.command.Workspace}, with the variables of
 * {@link io.modelbatch.step.command.ProgramVariables} and no others. A {@link io.modelbatch.process.ProcessTree} finds and ends all of its
 * processes; {@link io.modelbatch.step.command.ProgramOutput} keeps what they print.
 */
@NullMarked
package io.modelbatch.step.command;

import org.jspecify.annotations.NullMarked;
