package io.modelbatch.jobspec;

/**
 * One thing that is wrong with a job file, or with what was given to it.
 *
 * @param file the file, or where else the text came from
 * @param line line in the file, from 1; 0 when it is about no line
 * @param column column in the line, from 1; 0 when it is about no line
 * @param path where in the job, as {@code steps[1].train.label}; empty for the file as a whole
 * @param message the problem, and the allowed values
 */
public record Problem(String file, int line, int column, String path, String message) {
    /** {@code file:line:column: path: message}, without what is not known. */
    @Override
    public String toString() {
        String position = line == 0 ? file : file + ":" + line + ":" + column;
        return position + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
