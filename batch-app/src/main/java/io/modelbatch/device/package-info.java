/** What computes here, and how the engine is started on it. */
@NullMarked
package io.modelbatch.device;

import org.jspecify.annotations.NullMarked;
