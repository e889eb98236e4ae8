package io.modelbatch;

import io.modelbatch.warehouse.google.BigQueryPlace;
import io.modelbatch.warehouse.google.QueriesContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Run by the live test kit alone. */
@Execution(ExecutionMode.CONCURRENT)
class LiveQueries extends QueriesContract {
    @Override
    protected BigQueryPlace place() {
        return LivePlace.inUse();
    }
}
