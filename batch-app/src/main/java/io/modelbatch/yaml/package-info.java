/** Small YAML files that people write: where each value stands, and what is wrong with the file, all at once. Constructs nothing. */
@NullMarked
package io.modelbatch.yaml;

import org.jspecify.annotations.NullMarked;
