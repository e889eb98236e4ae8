package io.modelbatch.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * The folders of this machine in which programs of runs work.
 *
 * @param root the folder of all
 */
public record Workspaces(Path root) {
    /**
     * The folder of a step of a run; it need not be there.
     *
     * @param run {@link StepKit#uniqueRun}
     */
    public Path of(String run, String step) {
        return root.resolve(run).resolve(step);
    }

    /** Removes the folders of all steps of a run. */
    void remove(String run) throws IOException {
        FileSystemUtils.deleteRecursively(root.resolve(run));
    }

    /** Removes the folder of a step, and that of its run with the last one. */
    public void remove(String run, String step) throws IOException {
        FileSystemUtils.deleteRecursively(of(run, step));
        String[] left = root.resolve(run).toFile().list();
        if (left != null && left.length == 0) {
            Files.deleteIfExists(root.resolve(run));
        }
    }
}
