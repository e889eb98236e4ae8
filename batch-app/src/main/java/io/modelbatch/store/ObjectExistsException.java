package io.modelbatch.store;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.io.IOException;
import java.util.Optional;

/** A write-once name is taken by other content, or a pointer was moved by somebody else. */
public final class ObjectExistsException extends IOException implements Explained {
    private final ObjectUri uri;

    /** Names the object. */
    public ObjectExistsException(ObjectUri uri, String what) {
        super(uri + " " + what);
        this.uri = uri;
    }

    /** The object whose name is taken. */
    public ObjectUri uri() {
        return uri;
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CHANGE);
    }
}
