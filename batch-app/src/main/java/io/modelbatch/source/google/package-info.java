/** BigQuery by Google's clients: pinned tables, their rows by the Storage Read API, and load jobs. */
@NullMarked
package io.modelbatch.source.google;

import org.jspecify.annotations.NullMarked;
