/** Results: columns, blocks of records, the shards that hold them, and the manifest that makes them a result. */
@NullMarked
package io.modelbatch.result;

import org.jspecify.annotations.NullMarked;
