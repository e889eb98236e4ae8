/** The parts that all clients of Google Cloud need: project, credentials, and refusals that every service may give. */
@NullMarked
package io.modelbatch.google;

import org.jspecify.annotations.NullMarked;
