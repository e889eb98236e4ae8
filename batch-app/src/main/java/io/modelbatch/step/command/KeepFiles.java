package io.modelbatch.step.command;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.base.ByteSize;
import io.modelbatch.run.StopRequest;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the files of a program that ended without success: what cannot be uploaded in the seconds that a stop has stays on this machine. A failure
 * must not hide why the program failed, so it is logged.
 *
 * @param workspace the files
 * @param store the bucket
 * @param execution the id of the step execution
 * @param stop the request to stop
 */
record KeepFiles(Workspace workspace, ObjectStore store, long execution, StopRequest stop) {
    private static final Logger log = LoggerFactory.getLogger(KeepFiles.class);
    private static final Duration POLL = Duration.ofMillis(50);

    /** A stop has nine seconds. This many after the request, the job repository and the report need the others. */
    private static final Duration LATEST = Duration.ofSeconds(7);

    /** More than this is not saved. */
    static final long LARGEST = 4L << 30;

    /** Uploads the output of the program. */
    Optional<String> keepOutput() throws InterruptedException {
        ObjectUri object = workspace.folder().child("output-" + execution + ".log");
        return within("the output of the program", () -> {
            if (Files.size(workspace.output()) == 0) {
                return Optional.empty();
            }
            store.put(object, workspace.output());
            return Optional.of(object.toString());
        });
    }

    /** Keeps what the type of the step keeps of such a program. */
    void keepResults(ProgramWork work) throws InterruptedException {
        within("a result of the program", () -> {
            work.keep(workspace, stop);
            return Optional.empty();
        });
    }

    /** Saves the workspace; empty where it is not saved, else its object. */
    Optional<String> saveWorkspace() throws InterruptedException {
        return within("the workspace " + workspace.files(), () -> {
            long bytes = workspace.bytes();
            if (bytes > LARGEST) {
                log.warn("The workspace {} has {} and is not saved", workspace.files(), new ByteSize(bytes));
                return Optional.empty();
            }
            return Optional.of(workspace.save(execution).toString());
        });
    }

    private interface Upload {
        Optional<String> run() throws IOException, InterruptedException;
    }

    private Optional<String> within(String what, Upload upload) throws InterruptedException {
        ExecutorService thread = Executors.newSingleThreadExecutor(new ThreadFactoryBuilder()
                .setNameFormat("keep-files")
                .setDaemon(true)
                .build());
        Future<Optional<String>> done = thread.submit(upload::run);
        thread.shutdown();
        while (true) {
            try {
                return done.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                log.warn("{} could not be uploaded; it stays on this machine", what, e.getCause());
                return Optional.empty();
            } catch (TimeoutException e) {
                if (stop.elapsed().compareTo(LATEST) > 0) {
                    log.warn("{} could not be uploaded in the seconds that a stop has; it stays on this machine", what);
                    return Optional.empty();
                }
            }
        }
    }
}
