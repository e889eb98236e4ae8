/** Job files: YAML to records, with all problems of a file at once. Runs nothing. */
@NullMarked
package io.modelbatch.jobspec;

import org.jspecify.annotations.NullMarked;
