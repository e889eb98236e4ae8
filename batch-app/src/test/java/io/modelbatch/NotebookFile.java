package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A notebook of Python.
 *
 * @param name its path without the ending
 * @param kernel the name of its kernel
 * @param cells its cells
 */
record NotebookFile(String name, String kernel, List<Map<String, Object>> cells) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One that begins with a title. */
    static NotebookFile named(String name) {
        return new NotebookFile(
                name,
                "python3",
                List.of(Map.of("cell_type", "markdown", "id", "title", "metadata", Map.of(), "source", "# Title")));
    }

    NotebookFile of(String otherKernel) {
        return new NotebookFile(name, otherKernel, cells);
    }

    /** With a cell more. */
    NotebookFile code(String source, String... tags) {
        List<Map<String, Object>> more = new ArrayList<>(cells);
        more.add(Map.of(
                "cell_type",
                "code",
                "id",
                "cell-" + cells.size(),
                "metadata",
                Map.of("tags", List.of(tags)),
                "outputs",
                List.of(),
                "source",
                source));
        return new NotebookFile(name, kernel, more);
    }

    /** Writes it into a folder. */
    void write(Path folder) throws IOException {
        Path file = folder.resolve(name + ".ipynb");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                JSON.writeValueAsString(Map.of(
                        "nbformat",
                        4,
                        "nbformat_minor",
                        5,
                        "metadata",
                        Map.of("kernelspec", Map.of("name", kernel, "language", "python", "display_name", "Python")),
                        "cells",
                        cells)));
    }
}
