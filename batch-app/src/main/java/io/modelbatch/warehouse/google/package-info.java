/** The warehouse of BigQuery, by Google's clients: pinned tables, their rows by the Storage Read API, and load jobs. */
@NullMarked
package io.modelbatch.warehouse.google;

import org.jspecify.annotations.NullMarked;
