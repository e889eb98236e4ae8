package io.modelbatch.step.infer;

import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;

/**
 * The services that {@code infer} steps work with, in the manager's process and in those that execute partitions.
 *
 * @param kit makes steps
 * @param warehouse has the rows
 * @param store has the buckets
 * @param ledger has what is committed
 * @param models has what is loaded
 */
record InferServices(StepKit kit, Warehouse warehouse, ObjectStore store, ShardLedger ledger, OpenModels models) {}
