package io.modelbatch.base;

import java.nio.file.Path;

/**
 * A file or folder on this machine, and the name under which its user knows it: a model is opened from the cache, but messages name
 * the folder or the bucket that it was copied from. As a text it is that name.
 *
 * @param path where it is read
 * @param name the name for messages: a path or a {@code gs://} address
 */
public record DisplayPath(Path path, String name) {
    /** A path that its user knows. */
    public static DisplayPath of(Path path) {
        return new DisplayPath(path, path.toString());
    }

    /** A file or folder in this folder. */
    public DisplayPath resolve(String inside) {
        return new DisplayPath(path.resolve(inside), name + "/" + inside);
    }

    /** A file or folder beside it. */
    public DisplayPath resolveSibling(String beside) {
        return new DisplayPath(path.resolveSibling(beside), name.substring(0, name.lastIndexOf('/') + 1) + beside);
    }

    /** Its name for messages. */
    @Override
    public String toString() {
        return name;
    }
}
