/** Text to token batches: exactly the ids that the model's own tokenizer makes in Python, packed under a token budget. */
@NullMarked
package io.modelbatch.token;

import org.jspecify.annotations.NullMarked;
