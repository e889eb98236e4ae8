package io.modelbatch;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStoreContract;
import io.modelbatch.store.ObjectUri;
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
