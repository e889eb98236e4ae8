/** Writes the computation of a model as TorchScript: operations, dense layers for each kind of processor and number, and the tensors read. */
@NullMarked
package io.modelbatch.model.script;

import org.jspecify.annotations.NullMarked;
