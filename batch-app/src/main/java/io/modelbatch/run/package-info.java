/** A run: its identity, its claim in the job repository, its events and its log. One object for each run; nothing here belongs to the process. */
@NullMarked
package io.modelbatch.run;

import org.jspecify.annotations.NullMarked;
