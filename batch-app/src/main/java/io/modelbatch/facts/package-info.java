/**
 * The facts that steps report, as typed records. Terminal, JSON lines and reports read these and nothing else. Imports nothing of this
 * project.
 */
@NullMarked
package io.modelbatch.facts;

import org.jspecify.annotations.NullMarked;
