package io.modelbatch.step.rows;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;

/**
 * The services that steps with results of rows work with, in the manager's process and in those that execute partitions.
 *
 * @param kit makes steps
 * @param warehouse has the rows
 * @param store has the buckets
 * @param ledger has what is committed
 * @param types of steps
 * @param metrics of the partitions that are executed here
 */
public record RowServices(
        StepKit kit, Warehouse warehouse, ObjectStore store, ShardLedger ledger, StepTypes types, RowMetrics metrics) {}
