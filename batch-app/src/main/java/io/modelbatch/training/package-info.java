/** A model learning. */
@NullMarked
package io.modelbatch.training;

import org.jspecify.annotations.NullMarked;
