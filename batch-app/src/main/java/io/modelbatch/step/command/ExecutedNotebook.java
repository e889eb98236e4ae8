package io.modelbatch.step.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A notebook as papermill left it, also when a cell failed, the kernel died or papermill was killed: papermill saves it before and after
 * each cell.
 *
 * @param cells the cells of its author, and that of the parameters
 */
record ExecutedNotebook(List<Cell> cells) {
    private static final String INJECTED = "injected-parameters";
    /** Cells with papermill's own words about a failure. */
    private static final String MARKER = "papermill-error-cell-tag";

    private static final String SKIPPED = "skip-execution";
    private static final String EXIT = "SystemExit";
    private static final int LONGEST_ERROR = 500;
    private static final int LONGEST_LINE = 120;
    /** Colors and other sequences of a terminal. */
    private static final Pattern ANSI =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\))");

    private static final Pattern EXIT_CODE = Pattern.compile("[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5]");

    /**
     * A cell that can be executed.
     *
     * @param number its position among all cells of the author's notebook, from 1; 0 for the cell of the job's parameters
     * @param count the number in {@code In [ ]}; null where it did not begin
     * @param state how far it came
     * @param error null for none
     * @param line the line of its code where it failed, or else its first one
     */
    record Cell(
            int number,
            @Nullable Integer count,
            State state,
            @Nullable String error,
            String line) {
        /** The name for a message: {@code cell 4 (In [3])}. */
        String name() {
            String name = number == 0 ? "the cell of the parameters" : "cell " + number;
            return count == null ? name : name + " (In [" + count + "])";
        }

        private Cell begun() {
            return new Cell(number, count, State.BEGUN, error, line);
        }
    }

    /** The progress of a cell. */
    enum State {
        PENDING,
        /** It began, and has not answered. */
        BEGUN,
        COMPLETED,
        FAILED
    }

    ExecutedNotebook {
        cells = List.copyOf(cells);
    }

    /** Reads a file; empty where there is none, or only a part of one, for papermill was killed while it wrote. */
    static Optional<ExecutedNotebook> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(Notebook.read(file)));
        } catch (Notebook.DamagedException e) {
            return Optional.empty();
        }
    }

    static ExecutedNotebook of(Notebook notebook) {
        List<Cell> cells = new ArrayList<>();
        int number = 0;
        for (Notebook.Cell cell : Objects.requireNonNullElse(notebook.cells(), List.<Notebook.Cell>of())) {
            if (cell.hasTag(MARKER)) {
                continue;
            }
            number += cell.hasTag(INJECTED) ? 0 : 1;
            if (cell.isCode() && !cell.code().isBlank() && !cell.hasTag(SKIPPED)) {
                cells.add(cell(cell.hasTag(INJECTED) ? 0 : number, cell));
            }
        }
        return new ExecutedNotebook(cells);
    }

    private static Cell cell(int number, Notebook.Cell cell) {
        Optional<Notebook.Output> error =
                cell.errors().filter(Predicate.not(ExecutedNotebook::isSuccess)).findFirst();
        return new Cell(
                number,
                cell.executionCount(),
                error.isPresent() ? State.FAILED : state(cell),
                error.map(ExecutedNotebook::words).orElse(null),
                line(cell, error.map(Notebook.Output::trace).orElse("")));
    }

    /** papermill takes it so. */
    private static boolean isSuccess(Notebook.Output error) {
        String code = error.evalue() == null ? "" : error.evalue();
        return EXIT.equals(error.ename()) && (code.isEmpty() || code.equals("0"));
    }

    private static State state(Notebook.Cell cell) {
        Notebook.Papermill note =
                cell.metadata() == null ? null : cell.metadata().papermill();
        if (note == null || note.startTime() == null) {
            return State.PENDING;
        } else if (Boolean.TRUE.equals(note.exception())
                && cell.errors().findAny().isEmpty()) {
            return State.FAILED;
        }
        return "running".equals(note.status()) ? State.BEGUN : State.COMPLETED;
    }

    private static String words(Notebook.Output error) {
        String message = plain(error.evalue() == null ? "" : error.evalue());
        String name = plain(error.ename() == null ? "Error" : error.ename());
        return bounded(message.isBlank() ? name : name + ": " + message, LONGEST_ERROR);
    }

    private static String line(Notebook.Cell cell, String trace) {
        List<String> lines = cell.code().lines().toList();
        Matcher frame = Pattern.compile("(?:Cell|Input) In ?\\[" + cell.executionCount()
                        + "\\](?:, line |, in <cell line: )([0-9]{1,6})")
                .matcher(ANSI.matcher(trace).replaceAll(""));
        int failed = frame.find() ? Integer.parseInt(frame.group(1)) - 1 : -1;
        String line = failed >= 0 && failed < lines.size()
                ? lines.get(failed)
                : lines.stream()
                        .filter(Predicate.not(String::isBlank))
                        .findFirst()
                        .orElse("");
        return bounded(plain(line), LONGEST_LINE);
    }

    private static String plain(String text) {
        return ANSI.matcher(text).replaceAll("").strip().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+", " ");
    }

    private static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    /** The notebook of a kernel that died. papermill notes all its cells as completed; the last one that began has not ended. */
    ExecutedNotebook afterKernelDied() {
        int died = IntStream.range(0, cells.size())
                .filter(index -> cells.get(index).state != State.PENDING)
                .max()
                .orElse(-1);
        return new ExecutedNotebook(IntStream.range(0, cells.size())
                .mapToObj(index -> index == died ? cells.get(index).begun() : cells.get(index))
                .toList());
    }

    /** The cell that failed. Of several that may fail, papermill reports the last. */
    Optional<Cell> failed() {
        return last(State.FAILED);
    }

    /** The cell that began and has not ended: the kernel died, or papermill was ended. */
    Optional<Cell> unfinished() {
        return last(State.BEGUN);
    }

    /** Cells that were executed to their end. */
    int completed() {
        return (int)
                cells.stream().filter(cell -> cell.state == State.COMPLETED).count();
    }

    private Optional<Cell> last(State state) {
        return cells.stream().filter(cell -> cell.state == state).reduce((first, later) -> later);
    }

    /** The exit code that the failing cell gave to {@code sys.exit}. */
    Optional<Integer> exitCode() {
        return failed().map(Cell::error)
                .filter(error -> error.startsWith(EXIT + ": "))
                .map(error -> error.substring((EXIT + ": ").length()))
                .filter(code -> EXIT_CODE.matcher(code).matches())
                .map(Integer::valueOf);
    }
}
