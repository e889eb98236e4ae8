package io.modelbatch.run.claim;

import io.modelbatch.store.ObjectUri;
import java.io.IOException;

/** Keeps a run from publishing a result into a folder that another run has taken. */
@FunctionalInterface
public interface ResultGuard {
    /**
     * Called before a result is published.
     *
     * @throws ResultTakenException when another run has taken the folder
     */
    void verify(ObjectUri folder) throws IOException;
}
