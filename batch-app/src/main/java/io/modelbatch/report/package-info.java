/** The report of a run, for people and tools. */
@NullMarked
package io.modelbatch.report;

import org.jspecify.annotations.NullMarked;
