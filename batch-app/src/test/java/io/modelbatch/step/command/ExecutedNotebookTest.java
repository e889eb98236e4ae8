package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebooks are papermill's own: of a cell that fails, of a kernel that dies, and of a papermill that is killed. */
class ExecutedNotebookTest {
    private static final Path NOTEBOOKS = Path.of("src/test/resources/notebooks");

    @TempDir
    Path folder;

    /** The number is that of the author's notebook, which has neither papermill's words nor the cell of the parameters. */
    @Test
    void failingCell() throws IOException {
        ExecutedNotebook.Cell cell = executed("fail").failed().orElseThrow();

        assertThat(cell.name()).isEqualTo("cell 3 (In [3])");
        assertThat(cell.error()).isEqualTo("ZeroDivisionError: division by zero");
        assertThat(cell.line()).isEqualTo("y = 1/0");
        assertThat(executed("fail").completed()).isEqualTo(2);
        assertThat(executed("fail").unfinished()).isEmpty();
    }

    @Test
    void codeThatIsNotPython() throws IOException {
        ExecutedNotebook.Cell cell = executed("syntax").failed().orElseThrow();

        assertThat(cell.error()).startsWith("SyntaxError: expected ':'");
        assertThat(cell.line()).isEqualTo("if x");
    }

    /** papermill notes such a cell as completed. */
    @Test
    void aKernelThatDies() throws IOException {
        ExecutedNotebook notebook = executed("dead").afterKernelDied();

        assertThat(notebook.failed()).isEmpty();
        assertThat(notebook.completed()).isEqualTo(2);
        ExecutedNotebook.Cell cell = notebook.unfinished().orElseThrow();
        assertThat(cell.name()).isEqualTo("cell 2");
        assertThat(cell.line()).isEqualTo("import os, signal; os.kill(os.getpid(), 9)");
    }

    @Test
    void papermillThatWasKilled() throws IOException {
        ExecutedNotebook notebook = executed("killed");

        assertThat(notebook.failed()).isEmpty();
        assertThat(notebook.unfinished().orElseThrow().name()).isEqualTo("cell 2");
        assertThat(notebook.completed()).isEqualTo(2);
    }

    /** A cell may fail by its tag; papermill ends with an error all the same, after the last cell. */
    @Test
    void aCellThatMayFail() throws IOException {
        assertThat(executed("raises").failed().orElseThrow().name()).isEqualTo("cell 1 (In [2])");
    }

    @Test
    void theExitCodeOfTheAuthor() throws IOException {
        assertThat(executed("sysexit").exitCode()).contains(75);
        assertThat(executed("fail").exitCode()).isEmpty();
    }

    /** Whoever prints colors, control characters and without end leaves one short line. */
    @Test
    void errorsOfAnyLength() throws IOException {
        String error = "\\u001b[31mred\\u001b[39m \\u001b]0;title\\u0007\\u0000" + "x".repeat(100_000);
        Path file = write("""
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "execution_count": 1,
                 "source": ["\\n", "boom()"], "metadata": {"papermill": {"start_time": "2026-03-31", "status": "failed"}},
                 "outputs": [{"output_type": "error", "ename": "Bang", "evalue": "%s", "traceback": []}]}]}""".formatted(error));

        ExecutedNotebook.Cell cell =
                ExecutedNotebook.read(file).orElseThrow().failed().orElseThrow();

        assertThat(cell.error()).startsWith("Bang: red x").hasSize(500).endsWith("x…");
        assertThat(cell.line()).isEqualTo("boom()");
    }

    /** Longer than any text that Jackson would keep. */
    @Test
    void outputsAreNotReadIntoMemory() throws IOException {
        Path file = folder.resolve("large.ipynb");
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("{\"cells\": [{\"cell_type\": \"code\", \"source\": \"f()\", \"outputs\": [{\"text\": \"");
            String part = "x".repeat(1_000_000);
            for (int i = 0; i < 101; i++) {
                writer.write(part);
            }
            writer.write(
                    "\", \"output_type\": \"stream\"}, {\"output_type\": \"error\", \"ename\": \"E\"}]}], \"nbformat\": 4}");
        }

        assertThat(ExecutedNotebook.read(file)
                        .orElseThrow()
                        .failed()
                        .orElseThrow()
                        .error())
                .isEqualTo("E");
    }

    @Test
    void aFileThatWasBeingWritten() throws IOException {
        byte[] whole = Files.readAllBytes(NOTEBOOKS.resolve("executed-fail.ipynb"));
        for (int length : new int[] {0, 1, whole.length / 2, whole.length - 3}) {
            Path part = Files.write(folder.resolve("part.ipynb"), Arrays.copyOf(whole, length));
            assertThat(ExecutedNotebook.read(part)).as("first %s bytes", length).isEmpty();
        }
        assertThat(ExecutedNotebook.read(folder.resolve("absent.ipynb"))).isEmpty();
    }

    private Path write(String notebook) throws IOException {
        return Files.writeString(folder.resolve("notebook.ipynb"), notebook, StandardCharsets.UTF_8);
    }

    private static ExecutedNotebook executed(String name) throws IOException {
        return ExecutedNotebook.read(NOTEBOOKS.resolve("executed-" + name + ".ipynb"))
                .orElseThrow();
    }
}
