package io.modelbatch.kubernetes;

import io.modelbatch.base.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder with the files of a job. Files that an earlier command generated are replaced, or removed where they are not needed any more;
 * any other file stays.
 *
 * @param folder the folder
 */
public record RenderedFolder(Path folder) {
    private static final int DEPTH = 4;

    /**
     * Writes the files.
     *
     * @throws DeploymentException when a file of somebody else is in the place of one; nothing is written then
     */
    public void write(Rendered rendered) throws IOException {
        List<Path> foreign = rendered.files().keySet().stream()
                .map(folder::resolve)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isGenerated(file))
                .toList();
        if (!foreign.isEmpty()) {
            throw new DeploymentException("Nothing was written, because these files were not generated: "
                    + String.join(", ", foreign.stream().map(Path::toString).toList())
                    + ". Move them, or name another folder with --to");
        }
        List<Path> old = generated();
        for (var file : rendered.files().entrySet()) {
            AtomicFile.write(folder.resolve(file.getKey()), target -> Files.writeString(target, file.getValue()));
        }
        for (Path file : old) {
            if (!rendered.files().containsKey(folder.relativize(file).toString())) {
                Files.delete(file);
            }
        }
    }

    private List<Path> generated() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(RenderedFolder::isGenerated).toList();
        }
    }

    private static boolean isGenerated(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return GeneratedFile.isGenerated(lines.limit(2).toList());
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
