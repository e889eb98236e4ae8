package io.modelbatch.step.command;

import io.modelbatch.base.ByteSize;
import io.modelbatch.facts.Executed;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.NotebookExecuted;
import io.modelbatch.run.StopRequest;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The execution of a notebook by papermill, in an execution of its step. Every attempt begins with the author's files as they are now, so that a
 * notebook that was corrected is executed as it was corrected.
 */
final class NotebookWork implements ProgramWork {
    private static final int KERNEL_DIED = 138;
    private static final Duration RENDERING = Duration.ofMinutes(5);
    /** A stop as a whole may take nine seconds. */
    private static final Duration RENDERING_IN_STOP = Duration.ofSeconds(2);

    /** Uploads files to a folder of a bucket, in place of those of an earlier run. */
    @FunctionalInterface
    interface Upload {
        void to(ObjectUri folder, Map<String, Path> files) throws IOException;
    }

    private final NotebookPlace.Found found;
    private final NotebookOptions options;
    private final NotebookFiles files;
    private final Upload upload;
    private final ObjectUri folder;
    private Optional<ExecutedNotebook> executed = Optional.empty();
    private volatile @Nullable String notebook;
    private volatile @Nullable String html;

    /**
     * @param folder the folder of a bucket that receives the executed notebook
     */
    NotebookWork(
            NotebookPlace.Found found, NotebookOptions options, NotebookFiles files, Upload upload, ObjectUri folder) {
        this.found = found;
        this.options = options;
        this.files = files;
        this.upload = upload;
        this.folder = folder;
    }

    /** The program that executes it. */
    Program program() {
        return new Program(files.command(found, options), NotebookFiles.VARIABLES, options.program(), this);
    }

    @Override
    public Optional<Path> directory(ProgramOptions program) {
        return Optional.empty();
    }

    @Override
    public void prepare(Workspace workspace) throws IOException {
        executed = Optional.empty();
        files.write(options);
        workspace.copy(found.directory());
        Files.copy( // of a link, what it leads to
                found.directory().resolve(found.relative()),
                workspace.files().resolve(found.relative()),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** papermill ends with 1 for any cell that fails. The author of the notebook says more with sys.exit. */
    @Override
    public Attempt ended(Attempt attempt, Workspace workspace) throws IOException {
        executed = ExecutedNotebook.read(files.executed());
        if (attempt.exitCode() == KERNEL_DIED) {
            executed = executed.map(ExecutedNotebook::afterKernelDied);
        }
        return attempt.end() == Attempt.End.EXITED && attempt.exitCode() == 1
                ? new Attempt(
                        attempt.end(),
                        executed.flatMap(ExecutedNotebook::exitCode).orElse(1),
                        attempt.time(),
                        attempt.memory())
                : attempt;
    }

    /** The notebook comes first: a stop may leave no time for more. */
    @Override
    public void keep(Workspace workspace, StopRequest stop) throws IOException, InterruptedException {
        if (!Files.exists(files.executed())) {
            return;
        }
        Path result = workspace.files().resolve(found.relative());
        Files.copy(files.executed(), result, StandardCopyOption.REPLACE_EXISTING);
        notebook = uploaded(result);
        Path page = result.resolveSibling(found.name().replaceFirst("\\.ipynb$", ".html"));
        if (executed.isPresent() && isRendered(result, page, stop)) {
            html = uploaded(page);
        }
    }

    private String uploaded(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        upload.to(folder, Map.of(name, file));
        return folder.child(name).toString();
    }

    private boolean isRendered(Path result, Path page, StopRequest stop) throws IOException, InterruptedException {
        Files.deleteIfExists(page);
        if (found.installed().nbconvert() == null) {
            return false;
        }
        Duration time = stop.requested() ? RENDERING_IN_STOP : RENDERING;
        return found.papermill().ended(found.papermill().rendering(result, files.home()), time, stop)
                && Files.exists(page);
    }

    @Override
    public boolean isResult(Path relative, Path file) throws IOException {
        Path given = found.directory().resolve(relative);
        return !Files.exists(given) || Files.mismatch(given, file) >= 0;
    }

    @Override
    public Optional<String> cause(Attempt failed) {
        return words(failed)
                .map(words -> notebook == null
                        ? words
                        : words + ". The executed notebook: " + (html == null ? notebook : html));
    }

    private Optional<String> words(Attempt failed) {
        if (failed.end() == Attempt.End.TIMED_OUT) {
            return Optional.of(found.name() + " was ended after its timeout of "
                    + options.program().timeout() + unfinished());
        } else if (failed.exitCode() == KERNEL_DIED) {
            return Optional.of("The kernel of " + found.name() + " died" + unfinished() + reason(failed.memory()));
        }
        return executed.flatMap(ExecutedNotebook::failed)
                .map(cell -> found.name() + " failed in " + cell.name() + ": " + cell.error() + ", at '" + cell.line()
                        + "'");
    }

    private String reason(Attempt.Memory memory) {
        String peak = memory.peak().isPresent()
                ? " (peak " + new ByteSize(memory.peak().getAsLong()) + ")"
                : "";
        return switch (memory.kills()) {
            case AT_LIMIT ->
                ": the memory of all its processes reached the limit of "
                        + options.program().limitOptions().memory() + peak
                        + ". Raise limits.memory, or let the notebook use less";
            case OF_CONTAINER ->
                ": the memory of this container or control group was not enough" + peak
                        + ". Give it more memory, or let the notebook use less";
            case NONE -> "; it gave no reason. Often the memory was not enough" + peak + ", or a library crashed";
        };
    }

    private String unfinished() {
        return executed.flatMap(ExecutedNotebook::unfinished)
                .map(cell -> " in " + cell.name() + ", which begins with '" + cell.line() + "'")
                .orElse("");
    }

    @Override
    public Facts facts(Executed program) {
        return new NotebookExecuted(
                program,
                executed.map(each -> each.cells().size()).orElse(0),
                executed.map(ExecutedNotebook::completed).orElse(0),
                executed.flatMap(each -> each.failed().or(each::unfinished))
                        .map(cell ->
                                new NotebookExecuted.FailedCell(cell.number(), cell.count(), cell.error(), cell.line()))
                        .orElse(null),
                notebook,
                html);
    }
}
