package io.modelbatch.model;

import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.util.Optional;

/** Where a job file says that a model is: a folder, a bucket's folder, or a version of a published model. */
public sealed interface ModelReference permits ModelReference.Local, ModelReference.Remote {
    /** The text after {@code @} for the version that {@code latest} points to. */
    String LATEST = "latest";

    /** A folder of this machine. */
    record Local(Path folder) implements ModelReference {
        @Override
        public String toString() {
            return folder.toString();
        }
    }

    /**
     * A folder in a bucket.
     *
     * @param folder the model's files, or with a version the folder of its versions
     * @param version a version, or {@link #LATEST}; empty when the folder is the model
     */
    record Remote(ObjectUri folder, Optional<String> version) implements ModelReference {
        @Override
        public String toString() {
            return folder + version.map(name -> "@" + name).orElse("");
        }
    }

    /**
     * Reads {@code gs://bucket/path}, {@code gs://bucket/path@latest}, {@code gs://bucket/path@VERSION} or a folder.
     *
     * @throws ModelException when it is none of these
     */
    static ModelReference parse(String text) {
        if (!text.startsWith("gs://")) {
            if (text.isBlank() || text.contains("://")) {
                throw new ModelException(
                        "'" + text + "' is not a model: a folder, gs://bucket/path or gs://bucket/path@latest");
            }
            return new Local(Path.of(text));
        }
        int at = text.lastIndexOf('@');
        try {
            return at < 0
                    ? new Remote(ObjectUri.parse(text), Optional.empty())
                    : new Remote(ObjectUri.parse(text.substring(0, at)), Optional.of(checked(text.substring(at + 1))));
        } catch (IllegalArgumentException e) {
            throw new ModelException("'" + text + "' is not a model: " + e.getMessage(), e);
        }
    }

    /**
     * A version's name, which becomes a folder's.
     *
     * @throws IllegalArgumentException when it cannot
     */
    static String checked(String version) {
        if (!version.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException(
                    "'" + version + "' is not a version: letters, digits, '.', '_' and '-', at most 100");
        }
        return version;
    }
}
