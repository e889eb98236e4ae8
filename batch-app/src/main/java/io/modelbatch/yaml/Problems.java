package io.modelbatch.yaml;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/** Collects what is wrong, to be reported at once. */
public final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    public Problems(String file) {
        this.file = file;
    }

    public void add(Mark mark, String path, String message) {
        add(mark.getLine() + 1, mark.getColumn() + 1, path, message);
    }

    public void add(int line, int column, String path, String message) {
        found.add(new Problem(file, line, column, path, message));
    }

    public void addWithoutLine(String path, String message) {
        found.add(new Problem(file, 0, 0, path, message));
    }

    public int count() {
        return found.size();
    }

    /** All of them, by line. */
    public List<Problem> found() {
        return found.stream().sorted(Problem.BY_LINE).toList();
    }
}
