/** The devices of this machine, and the start of the engine on them. */
@NullMarked
package io.modelbatch.device;

import org.jspecify.annotations.NullMarked;
