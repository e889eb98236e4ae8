package io.modelbatch.step.command;

import java.util.Optional;

/**
 * The environment that programs run in, as they are told.
 *
 * @param environment {@code local} or {@code gcp}
 * @param project the project of Google Cloud; empty locally
 */
public record ProgramPlace(String environment, Optional<String> project) {}
