/** Rows: a query's result pinned once and read in blocks, and finished results loaded into a table. */
@NullMarked
package io.modelbatch.warehouse;

import org.jspecify.annotations.NullMarked;
