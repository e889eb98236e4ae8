package io.modelbatch.step.command;

import io.modelbatch.base.AbsolutePath;
import io.modelbatch.base.ByteSize;
import io.modelbatch.base.NearestName;
import io.modelbatch.base.Remedy;
import io.modelbatch.step.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/**
 * Finds on this machine what the execution of a notebook needs.
 *
 * @param python the property that names a Python; empty where papermill is looked for on the PATH
 * @param jobs the folder of the job files
 * @param workspaces the folder of all workspaces
 */
record NotebookPlace(Optional<String> python, Path jobs, Path workspaces) {
    private static final Integer FORMAT = 4;

    static NotebookPlace of(Environment environment, Workspaces workspaces) {
        return new NotebookPlace(
                Optional.ofNullable(environment.getProperty(Papermill.PROPERTY)),
                Path.of(environment.getProperty("modelbatch.jobs", "job-configs")),
                AbsolutePath.of(workspaces.root()));
    }

    /**
     * A notebook that can be executed.
     *
     * @param directory the folder that the workspace begins with
     * @param relative the notebook in it
     * @param papermill the Python that executes it
     * @param installed the packages that it has
     * @param kernel the name of the kernel
     * @param language the language of its code
     */
    record Found(
            Path directory,
            Path relative,
            Papermill papermill,
            Papermill.Installed installed,
            String kernel,
            String language) {
        /** The name of the notebook's file. */
        String name() {
            return String.valueOf(relative.getFileName());
        }

        /** In words, for a check. */
        String words() throws IOException {
            return directory.resolve(relative) + " (" + new ByteSize(Workspaces.bytes(directory))
                    + " in its folder), kernel " + kernel + ", papermill " + installed.papermill() + " of "
                    + papermill.python()
                    + (installed.nbconvert() == null
                            ? "; not rendered as HTML, because nbconvert is not installed"
                            : ", nbconvert " + installed.nbconvert());
        }
    }

    /**
     * Looks at all of it.
     *
     * @throws ProgramException names what is missing, and the way out
     */
    Found find(NotebookOptions options) throws IOException, InterruptedException {
        Path file = file(options.notebook());
        Notebook notebook = read(file);
        if (!options.parameters().isEmpty() && !notebook.hasParametersCell()) {
            throw refused(file
                    + " has no cell with the tag 'parameters', so its own values would replace those of the job. Tag"
                    + " the cell that sets them; in JupyterLab: Property Inspector, Cell Tags");
        }
        Papermill papermill = Papermill.find(python, System.getenv("PATH"));
        Papermill.Installed installed = papermill.installed(options.program().environment());
        if (installed.papermill() == null) {
            throw new ProgramException(
                    papermill.python() + " does not have papermill. "
                            + Papermill.installation(papermill.python().toString()),
                    Remedy.CONFIGURE);
        }
        String kernel = kernel(options, file, notebook, installed, papermill);
        Path directory = directory(options, file);
        return new Found(
                directory,
                directory.relativize(file),
                papermill,
                installed,
                kernel,
                language(options, notebook, installed, kernel));
    }

    /** The files that may be meant, the first one that is there. */
    List<Path> candidates(String written) {
        return Stream.of(jobs.resolve(written), Path.of(written))
                .map(AbsolutePath::of)
                .distinct()
                .toList();
    }

    private Path file(String written) {
        List<Path> candidates = candidates(written);
        return candidates.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> refused("The notebook '" + written
                        + "' does not exist, neither in the folder of the job files as "
                        + candidates.get(0)
                        + (candidates.size() == 1 ? "" : ", nor in the working directory as " + candidates.get(1))));
    }

    /** Links are not followed for the notebook itself: modules are beside its name. */
    private Path directory(NotebookOptions options, Path file) {
        String named = options.program().input().directory();
        Path directory = named == null ? Objects.requireNonNull(file.getParent()) : AbsolutePath.of(Path.of(named));
        if (!file.startsWith(directory)) {
            throw refused(file + " is not in " + directory
                    + ", which 'directory' names. Name a folder that contains the notebook, or"
                    + " remove 'directory'");
        }
        if (workspaces.startsWith(directory)) {
            throw refused(
                    file + " is in " + directory + ", which also holds Modelbatch's own files ("
                            + workspaces.getParent()
                            + "). The folder of a notebook is copied as a whole: put the notebook and its modules into a folder of their own");
        }
        return directory;
    }

    private static Notebook read(Path file) throws IOException {
        try {
            Notebook notebook = Notebook.read(file);
            if (!FORMAT.equals(notebook.nbformat())) {
                throw refused(file + " is a notebook of format " + notebook.nbformat()
                        + ", and format 4 is wanted. Convert it: jupyter nbconvert --to notebook --inplace '" + file
                        + "'");
            }
            return notebook;
        } catch (Notebook.DamagedException e) {
            throw refused(file + " " + e.getMessage() + ". Save it again with Jupyter");
        }
    }

    private static String kernel(
            NotebookOptions options, Path file, Notebook notebook, Papermill.Installed installed, Papermill papermill) {
        String names = installed.kernels().isEmpty()
                ? "no kernel is installed; for Python: " + papermill.python() + " -m pip install ipykernel"
                : "installed: "
                        + String.join(", ", new TreeSet<>(installed.kernels().keySet()));
        String name = Optional.ofNullable(options.kernel())
                .or(notebook::kernel)
                .orElseThrow(() ->
                        refused(file + " does not name its kernel. Name one in the job file, such as kernel: python3 ("
                                + names + ")"));
        Papermill.Kernel kernel = installed.kernels().get(name);
        if (kernel == null) {
            throw refused("The kernel '" + name + "' is not installed"
                    + NearestName.hint(name, installed.kernels().keySet(), names)
                    + ". Name an installed one with 'kernel' in the job file, or install it: " + papermill.python()
                    + " -m ipykernel install --user --name " + name);
        }
        if (kernel.lost() != null) {
            throw refused("The kernel '" + name + "' is installed, but its program " + kernel.lost()
                    + " is not there any more. Name another one with 'kernel' in the job file, or install it again");
        }
        return name;
    }

    /** A kernel that the job file names may have another language than the notebook says. */
    private static String language(
            NotebookOptions options, Notebook notebook, Papermill.Installed installed, String kernel) {
        Optional<String> ofKernel =
                Optional.ofNullable(installed.kernels().get(kernel)).map(Papermill.Kernel::language);
        Optional<String> language =
                options.kernel() == null ? notebook.language().or(() -> ofKernel) : ofKernel;
        return language.orElse("python");
    }

    private static ProgramException refused(String message) {
        return new ProgramException(message, Remedy.CHANGE);
    }
}
