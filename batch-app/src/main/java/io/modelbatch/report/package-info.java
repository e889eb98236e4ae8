/** What a run leaves for people and tools to read. */
@NullMarked
package io.modelbatch.report;

import org.jspecify.annotations.NullMarked;
