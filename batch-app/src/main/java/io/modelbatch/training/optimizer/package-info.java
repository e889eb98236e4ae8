/** AdamW and the learning rate schedules. */
@NullMarked
package io.modelbatch.training.optimizer;

import org.jspecify.annotations.NullMarked;
