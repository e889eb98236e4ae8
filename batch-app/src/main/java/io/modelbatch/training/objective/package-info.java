/** The tasks that a model can learn: columns, labels, head, loss and metrics of each. Knows nothing of the loop. */
@NullMarked
package io.modelbatch.training.objective;

import org.jspecify.annotations.NullMarked;
