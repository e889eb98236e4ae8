package io.modelbatch.model.tensor;

import io.modelbatch.base.DisplayPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * A file of a model. Anything but a file is refused before it is opened: a pipe would be waited at for ever, a device read for
 * ever. Links are followed, for the cache of Hugging Face's hub consists of them.
 */
public final class ModelFile {
    /** The {@code config.json} of a model with 100,000 labels has 6 MB. */
    private static final int MOST_JSON = 16 << 20;
    /** The largest encoders, of ten billion numbers, have 43 GB in float32. */
    private static final long MOST_WEIGHTS = 128L << 30;
    /** The largest tokenizers have 40 MB. */
    private static final long MOST_OTHER = 256L << 20;

    private ModelFile() {}

    /** True if there is something of that name, though it may be a link that leads nowhere. */
    public static boolean exists(DisplayPath file) {
        return Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Refuses anything but a file, and a file that is too large for its name.
     *
     * @throws ModelException when it is missing, not a regular file, or too large
     */
    public static void check(DisplayPath file) throws IOException {
        boolean weights =
                file.toString().endsWith(".safetensors") || file.toString().endsWith(".pt");
        check(file, weights ? MOST_WEIGHTS : MOST_OTHER);
    }

    private static void check(DisplayPath file, long most) throws IOException {
        if (!Files.exists(file.path())) {
            throw new ModelException(file + " is missing" + (exists(file) ? " (it is a broken link)" : "")
                    + "; copy the whole model directory again");
        }
        if (!Files.isRegularFile(file.path())) {
            throw new ModelException(file + " is not a regular file; copy the whole model directory again");
        }
        if (Files.size(file.path()) > most) {
            throw tooLarge(file, Files.size(file.path()), most);
        }
    }

    /**
     * The content of a JSON file, which is never large.
     *
     * @throws ModelException when it is missing, not a regular file, or too large
     */
    public static byte[] json(DisplayPath file) throws IOException {
        check(file, MOST_JSON);
        try (InputStream in = Files.newInputStream(file.path())) {
            byte[] content = in.readNBytes(MOST_JSON + 1);
            if (content.length > MOST_JSON) {
                throw tooLarge(file, content.length, MOST_JSON);
            }
            return content;
        }
    }

    private static ModelException tooLarge(DisplayPath file, long bytes, long most) {
        return new ModelException(file + " has " + bytes + " bytes, at most " + most
                + " are allowed; copy the whole model directory again");
    }
}
