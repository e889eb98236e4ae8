package io.modelbatch.step.rows;

import io.modelbatch.warehouse.RowBlock;
import java.util.Optional;

/**
 * A block of rows whose work has begun.
 *
 * @param rows the rows
 * @param work on them
 * @param session the session that they were read in; empty where their order is always the same
 * @param <W> the work
 */
public record PendingBlock<W>(RowBlock rows, W work, Optional<String> session) {}
