package io.modelbatch.base;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Absolute paths without {@code .} and {@code ..}. {@link Path#normalize} removes a link before {@code ..} by its name; for the operating
 * system, {@code link/..} is the folder that has the link's target.
 */
public final class AbsolutePath {
    private AbsolutePath() {}

    /** The path of the file that the operating system opens for a path. Links that no {@code ..} follows stay. */
    public static Path of(Path path) {
        Path absolute = path.toAbsolutePath();
        Path found = absolute.getRoot();
        for (Path name : absolute) {
            found = switch (name.toString()) {
                case "." -> found;
                case ".." -> parent(found);
                default -> found.resolve(name);
            };
        }
        return found;
    }

    private static Path parent(Path folder) {
        Path parent = real(folder).getParent();
        return parent == null ? folder : parent;
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder; // it is not there yet
        }
    }
}
