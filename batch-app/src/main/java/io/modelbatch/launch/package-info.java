/** Runs: which one a command means, who owns it, how it stops and resumes, and its exit code. */
@NullMarked
package io.modelbatch.launch;

import org.jspecify.annotations.NullMarked;
