package io.modelbatch.step;

import io.modelbatch.run.RunFolder;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;

/**
 * The files of runs that no result needs: the rows that they pinned, the workspaces of their programs, and their folders in the bucket of runs. Each is named exactly,
 * by what the job repository knows of the run.
 */
public final class RunFiles {
    private final Warehouse warehouse;
    private final ObjectStore store;
    private final RunFolder folder;
    private final Workspaces workspaces;

    RunFiles(Warehouse warehouse, ObjectStore store, RunFolder folder, Workspaces workspaces) {
        this.warehouse = warehouse;
        this.store = store;
        this.folder = folder;
        this.workspaces = workspaces;
    }

    /**
     * A run.
     *
     * @param name by which people call it
     * @param created when its executions were created: the first of these is part of the names of its files
     * @param steps names of its steps
     */
    public record Run(String name, Set<LocalDateTime> created, Set<String> steps) {}

    /** Bytes of a run's pinned rows, and of what is in its folder and in its workspaces on this machine. */
    public record Bytes(long pinned, long folder) {}

    /**
     * Looks at what a run has, and reads none of it.
     *
     * @throws IOException when the warehouse or the bucket cannot be looked at
     */
    public Bytes measure(Run run) throws IOException {
        long pinned = 0;
        long below = 0;
        for (String name : names(run)) {
            pinned += pinned(name, run.steps());
            below += workspaces.bytes(name);
            for (long bytes : store.sizes(folder.root().child(name)).values()) {
                below += bytes;
            }
        }
        return new Bytes(pinned, below);
    }

    /**
     * Removes all of it. May be repeated after it was interrupted.
     *
     * @throws IOException when something of it cannot be removed
     */
    public void remove(Run run) throws IOException {
        for (String name : names(run)) {
            unpin(name, run.steps());
            workspaces.remove(name);
            for (ObjectUri object : store.sizes(folder.root().child(name)).keySet()) {
                store.delete(object);
            }
        }
    }

    private long pinned(String name, Set<String> steps) throws IOException {
        try {
            return steps.stream()
                    .mapToLong(step -> warehouse.pinnedBytes(name + "-" + step))
                    .sum();
        } catch (WarehouseException e) {
            throw new IOException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void unpin(String name, Set<String> steps) throws IOException {
        try {
            steps.forEach(step -> warehouse.unpin(name + "-" + step));
        } catch (WarehouseException e) {
            throw new IOException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** True when a text, such as a job file, names the folder of a run or something in it, by its address or by a path to it. */
    public boolean isNamed(Run run, String text) {
        return names(run).stream().anyMatch(name -> text.contains(folder.root().fileName() + "/" + name));
    }

    private List<String> names(Run run) {
        return run.created().stream()
                .map(created -> folder.unique(run.name(), created))
                .toList();
    }
}
