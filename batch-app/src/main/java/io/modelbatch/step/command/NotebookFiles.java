package io.modelbatch.step.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files beside a workspace that the execution of a notebook needs.
 *
 * @param home their folder
 * @param workspace the folder in which the notebook is executed
 */
record NotebookFiles(Path home, Path workspace) {
    /** Bytecode of modules is not a result. */
    static final Map<String, String> VARIABLES = Map.of("PYTHONDONTWRITEBYTECODE", "1");

    private static final String STARTER = "execute.py";
    private static final List<String> TEMPLATE = List.of("notebook-html/conf.json", "notebook-html/index.html.j2");

    /** The notebook as papermill writes it, cell by cell. */
    Path executed() {
        return home.resolve("executed.ipynb");
    }

    private Path parameters() {
        return home.resolve("parameters.yaml");
    }

    /** Writes those that papermill reads, and removes what an attempt before left. */
    void write(NotebookOptions options) throws IOException {
        Files.createDirectories(home.resolve("notebook-html"));
        Files.deleteIfExists(executed());
        Files.writeString(parameters(), new NotebookParameters(options.parameters()).yaml());
        Files.writeString(home.resolve(STARTER), Papermill.resource(STARTER));
        for (String name : TEMPLATE) {
            Files.writeString(home.resolve(name), Papermill.resource(name));
        }
    }

    /** The command line of papermill. */
    List<String> command(NotebookPlace.Found found, NotebookOptions options) {
        List<String> command = new ArrayList<>(found.papermill()
                .execution(home.resolve(STARTER), workspace.resolve(found.relative()), executed(), parameters()));
        command.addAll(List.of("--kernel", found.kernel(), "--language", found.language()));
        return command;
    }
}
