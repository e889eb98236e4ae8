/** Hugging Face directories, safetensors, TorchScript archives, and where models come from. */
@NullMarked
package io.modelbatch.model;

import org.jspecify.annotations.NullMarked;
