package io.modelbatch.yaml;

import java.util.Comparator;

/**
 * One thing that is wrong with a file, or with what was given to it.
 *
 * @param file the file, or where else the text came from
 * @param line line in the file, from 1; 0 when it is about no line
 * @param column column in the line, from 1; 0 when it is about no line
 * @param path where in the job, as {@code steps[1].train.label}; empty for the file as a whole
 * @param message the problem, and the allowed values
 */
public record Problem(String file, int line, int column, String path, String message) {
    /** In the order of the file. */
    public static final Comparator<Problem> BY_LINE =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    /** {@code file:line:column: path: message}, without what is not known. */
    @Override
    public String toString() {
        String position = line == 0 ? file : file + ":" + line + ":" + column;
        return position + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }

    /** {@code line 3: path: message}, for a message that names the file itself. */
    public String inFile() {
        String position = line == 0 ? "" : "line " + line + ": ";
        return position + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
