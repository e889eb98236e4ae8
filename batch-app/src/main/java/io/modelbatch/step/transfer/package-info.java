/** The step types that move data: {@code extract} and {@code load} of rows, {@code upload} and {@code download} of files. */
@NullMarked
package io.modelbatch.step.transfer;

import org.jspecify.annotations.NullMarked;
