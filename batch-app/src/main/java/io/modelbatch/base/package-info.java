/** The few classes that every package may need. Imports nothing of this project; a library comes first. */
@NullMarked
package io.modelbatch.base;

import org.jspecify.annotations.NullMarked;
