/** The application: the entry point, and the wiring of the two environments. */
@NullMarked
package io.modelbatch;

import org.jspecify.annotations.NullMarked;
