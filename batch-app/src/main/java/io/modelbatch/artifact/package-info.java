/** Bytes and names in buckets: write-once objects, shards of records, and the manifest that makes them a result. */
@NullMarked
package io.modelbatch.artifact;

import org.jspecify.annotations.NullMarked;
