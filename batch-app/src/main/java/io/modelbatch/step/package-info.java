/** The only bridge between the features and Spring Batch: a job file's steps as Spring Batch steps. */
@NullMarked
package io.modelbatch.step;

import org.jspecify.annotations.NullMarked;
