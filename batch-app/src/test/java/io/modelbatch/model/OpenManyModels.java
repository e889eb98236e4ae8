package io.modelbatch.model;

import io.modelbatch.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that opens a model from many caches, one after the other, at the same time as others of its kind. */
final class OpenManyModels {
    static final int CACHES = 20;
    static final String GO = "go";
    private static final int POLL_MILLIS = 1;

    private OpenManyModels() {}

    /** Starts one; it waits for the file {@value #GO}. */
    static Process start(Path folder, String reference) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OpenManyModels.class.getName(),
                        folder.toString(),
                        reference)
                .redirectErrorStream(true)
                .start();
    }

    /** Prints the fingerprint of the model from each cache. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        while (Files.notExists(folder.resolve(GO))) {
            Thread.sleep(POLL_MILLIS);
        }
        for (int i = 0; i < CACHES; i++) {
            ModelRepository models =
                    new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("caches/" + i));
            System.out.println(models.open(arguments[1]).fingerprint());
        }
    }
}
