package io.modelbatch;

import io.modelbatch.source.google.BigQueryPlace;
import io.modelbatch.source.google.SessionsContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Run by the live test kit alone. */
@Execution(ExecutionMode.CONCURRENT)
class LiveSessions extends SessionsContract {
    @Override
    protected BigQueryPlace place() {
        return LivePlace.inUse();
    }
}
