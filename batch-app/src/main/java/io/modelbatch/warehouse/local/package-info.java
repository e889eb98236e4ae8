/** The warehouse on this machine: DuckDB over files, with queries in the dialect of BigQuery. */
@NullMarked
package io.modelbatch.warehouse.local;

import org.jspecify.annotations.NullMarked;
