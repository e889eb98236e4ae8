package io.modelbatch.jobspec;

import io.modelbatch.base.PrintableText;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;

/**
 * Keeps a path of this machine below the folder that the job file names: a parameter's value, which may come from somebody else than
 * the author of the file, must not lead out of it.
 */
final class PathParameters {
    private PathParameters() {}

    /**
     * Compares a path with what was written.
     *
     * @param written with references
     * @param value with values in their places
     */
    static void verify(AnnotatedElement constraints, String written, String value)
            throws Scalars.InvalidValueException {
        int reference = written.indexOf("${");
        int folder = reference < 0 ? -1 : written.lastIndexOf('/', reference);
        Pattern pattern = constraints.getAnnotation(Pattern.class);
        boolean isPath = pattern != null && pattern.regexp().contains(ObjectUri.LOCAL_PATTERN);
        if (folder >= 0 && isPath && !written.startsWith("gs://")) {
            Path root = Path.of(written.substring(0, folder + 1)).normalize();
            if (!Path.of(value).normalize().startsWith(root)) {
                throw new Scalars.InvalidValueException("must stay below " + written.substring(0, folder + 1)
                        + ", and '" + PrintableText.line(value) + "' does not");
            }
        }
    }
}
