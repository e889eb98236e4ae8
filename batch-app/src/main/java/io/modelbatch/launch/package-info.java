/** Runs: which one a command means, who owns it, how it stops, how it went on, and with which exit code. */
@NullMarked
package io.modelbatch.launch;

import org.jspecify.annotations.NullMarked;
