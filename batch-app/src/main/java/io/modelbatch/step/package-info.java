/** The bridge between the features and Spring Batch: what the steps of all types share. */
@NullMarked
package io.modelbatch.step;

import org.jspecify.annotations.NullMarked;
