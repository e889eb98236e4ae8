/** The architectures that a {@code config.json} names, and their computation, written as TorchScript. */
@NullMarked
package io.modelbatch.model.architecture;

import org.jspecify.annotations.NullMarked;
