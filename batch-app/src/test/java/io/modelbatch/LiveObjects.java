package io.modelbatch;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectStoreContract;
import io.modelbatch.artifact.ObjectUri;
import java.util.UUID;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Run by the live test kit alone. */
@Execution(ExecutionMode.CONCURRENT)
class LiveObjects extends ObjectStoreContract {
    private final ObjectUri root = LivePlace.inUse().folder().child("objects-" + UUID.randomUUID());

    @Override
    protected ObjectStore emptyStore() {
        return LivePlace.inUse().store();
    }

    @Override
    protected ObjectUri root() {
        return root;
    }
}
