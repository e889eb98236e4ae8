/**
 * Writes the computation of a model as TorchScript: operations, dense layers for each kind of processor and number, and the tensors read.
 *
 * <p>A {@link ForwardScript} is written a line at a time, and notes the tensors that it reads. Those are the model's, and named nowhere
 * else. They are compared with the file by name and shape before anything is loaded. The same lines learn (float32 weights under their own
 * names, dropout), answer, and answer with weights that oneDNN packed for x86 processors, also in int8 ({@link ArchiveVariant}). Each way
 * to write a dense layer is a class of {@link LinearLayers}.
 */
@NullMarked
package io.modelbatch.model.script;

import org.jspecify.annotations.NullMarked;
