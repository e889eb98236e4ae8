/** Buckets of Cloud Storage: by its API, and mounted as folders. */
@NullMarked
package io.modelbatch.store.google;

import org.jspecify.annotations.NullMarked;
