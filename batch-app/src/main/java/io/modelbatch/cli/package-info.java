/** The verbs of the command line, and what they print. */
@NullMarked
package io.modelbatch.cli;

import org.jspecify.annotations.NullMarked;
