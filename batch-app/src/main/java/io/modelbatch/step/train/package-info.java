/** The step types {@code train}, {@code evaluate} and {@code publish}: a model learns, is measured and is given to its users. */
@NullMarked
package io.modelbatch.step.train;

import org.jspecify.annotations.NullMarked;
