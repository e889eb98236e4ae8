/** Bytes and names in buckets: write-once objects, and copies of files into buckets and back. */
@NullMarked
package io.modelbatch.store;

import org.jspecify.annotations.NullMarked;
