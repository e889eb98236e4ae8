package io.modelbatch.worker;

/** Sees how the partitions of a dispatch are executed. */
@FunctionalInterface
interface DispatchWatch {
    /** Called each second, and with no open partition at last. */
    void look(PartitionQueue.Load load);
}
