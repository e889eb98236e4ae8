package io.modelbatch;

import io.modelbatch.warehouse.google.BigQueryPlace;
import io.modelbatch.warehouse.google.LoadsContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Run by the live test kit alone. */
@Execution(ExecutionMode.CONCURRENT)
class LiveLoads extends LoadsContract {
    @Override
    protected BigQueryPlace place() {
        return LivePlace.inUse();
    }
}
