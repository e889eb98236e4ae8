/** What a {@code config.json} describes, and the computation that it stands for, written as TorchScript. */
@NullMarked
package io.modelbatch.model.architecture;

import org.jspecify.annotations.NullMarked;
