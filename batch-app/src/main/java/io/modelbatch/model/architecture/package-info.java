/**
 * The architectures that a {@code config.json} names, and their computation, written as TorchScript.
 *
 * <p>{@link ModelConfig} reads {@code config.json}. An {@link Architecture} makes an {@link Encoder} of it, and {@link Network} puts a
 * {@link Head} for the task on it. Where a head reads the first token alone, the last block computes queries and everything after them for
 * that token only ({@link OutputTokens}). The answers are the same.
 */
@NullMarked
package io.modelbatch.model.architecture;

import org.jspecify.annotations.NullMarked;
