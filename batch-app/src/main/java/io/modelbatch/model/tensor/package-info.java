/** Named numbers: safetensors files, never trusted, and the types that numbers are stored in. */
@NullMarked
package io.modelbatch.model.tensor;

import org.jspecify.annotations.NullMarked;
