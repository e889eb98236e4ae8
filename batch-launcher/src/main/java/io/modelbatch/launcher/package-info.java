/** The first class of the jar, and the layout that puts it there. It runs before the application's classes can be loaded. */
@NullMarked
package io.modelbatch.launcher;

import org.jspecify.annotations.NullMarked;
