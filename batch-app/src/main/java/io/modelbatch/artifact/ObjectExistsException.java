package io.modelbatch.artifact;

import java.io.IOException;

/** A write-once name is taken by other content, or a pointer was moved by somebody else. */
public final class ObjectExistsException extends IOException {
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
}
