/** Hugging Face directories, safetensors, TorchScript archives of ours and of users, and where models come from. */
@NullMarked
package io.modelbatch.model;

import org.jspecify.annotations.NullMarked;
