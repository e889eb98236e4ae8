/** The step type {@code infer}: partitions of rows through a model, into shards and a manifest. */
@NullMarked
package io.modelbatch.step.infer;

import org.jspecify.annotations.NullMarked;
