/** A model answering. */
@NullMarked
package io.modelbatch.inference;

import org.jspecify.annotations.NullMarked;
