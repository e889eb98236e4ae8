package io.modelbatch.jobspec;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/** Collects what is wrong, to be reported at once. */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Mark mark, String path, String message) {
        add(mark.getLine() + 1, mark.getColumn() + 1, path, message);
    }

    void add(int line, int column, String path, String message) {
        found.add(new Problem(file, line, column, path, message));
    }

    void addWithoutLine(String path, String message) {
        found.add(new Problem(file, 0, 0, path, message));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new JobFileException(found);
        }
    }
}
