/** Processes of programs that this one starts: found and ended with all that they start. Imports nothing of this project. */
@NullMarked
package io.modelbatch.process;

import org.jspecify.annotations.NullMarked;
