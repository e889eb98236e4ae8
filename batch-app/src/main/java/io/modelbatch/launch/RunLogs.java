package io.modelbatch.launch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import io.modelbatch.step.RunFolder;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;

/**
 * The log of a run: a file for each execution, which moves beside the run's artifacts when the execution ends.
 * A killed process leaves its file; the next execution of the run on this machine takes it along.
 */
final class RunLogs implements JobExecutionListener {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{40} : %msg%n";

    private final Path folder;
    private final ObjectStore store;
    private @Nullable FileAppender<ILoggingEvent> appender;

    /** Files in that folder, moved into that store. */
    RunLogs(Path folder, ObjectStore store) {
        this.folder = folder;
        this.store = store;
    }

    @Override
    public void beforeJob(JobExecution execution) {
        close();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setContext(context);
        file.setEncoder(encoder);
        file.setFile(folder.resolve(name(execution)).toString());
        file.start();
        root().addAppender(file);
        appender = file;
    }

    /**
     * Moves the logs of a run's executions into its folder.
     *
     * @return where that of this execution is now, for a person; empty when it could not even be written here
     */
    Optional<String> keep(JobExecution execution, ObjectUri run) {
        close();
        Path own = folder.resolve(name(execution));
        Optional<String> kept = Optional.of(own).filter(Files::exists).map(Path::toString);
        for (Path log : logs(execution)) {
            ObjectUri uri = run.child("logs").child(String.valueOf(log.getFileName()));
            try {
                StoredObject stored = store.put(uri, log);
                Files.delete(log);
                kept = log.equals(own) ? Optional.of(store.location(stored.uri())) : kept;
            } catch (IOException e) {
                LoggerFactory.getLogger(RunLogs.class).warn("{} could not be saved as {}", log, uri, e);
            }
        }
        return kept;
    }

    private void close() {
        if (appender != null) {
            root().detachAppender(appender);
            appender.stop();
            appender = null;
        }
    }

    private List<Path> logs(JobExecution execution) {
        String prefix = prefix(execution);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String prefix(JobExecution execution) {
        return RunFolder.runName(
                        execution.getJobInstance().getJobName(),
                        execution.getJobInstance().getInstanceId())
                + ".";
    }

    private static String name(JobExecution execution) {
        return prefix(execution) + execution.getId() + ".log";
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
