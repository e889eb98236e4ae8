/** The benchmark of a model on this machine: rows in, Parquet out, and where the time went. Needs no job repository. */
@NullMarked
package io.modelbatch.bench;

import org.jspecify.annotations.NullMarked;
