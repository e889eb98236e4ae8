package io.modelbatch.run;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;

/**
 * The log of a run: a file for each execution, which moves beside the run's artifacts when the execution ends. A killed process leaves its
 * file; the next execution of the run on this machine takes it along.
 *
 * <p>Of several runs in a process each has the messages of its own threads: of the one that opened the log, and of all that were started by
 * its threads. A message of any other thread is in all of the logs, for nobody knows whose it is.
 */
public final class RunLog implements JobExecutionListener, AutoCloseable {
    /** Marks messages that belong to the log of a run and to no other. */
    public static final Marker OF_RUN = MarkerFactory.getMarker("of-run");

    private static final String RUN = "run";
    private static final InheritableThreadLocal<RunLog> OF_THREAD = new InheritableThreadLocal<>();
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{40} : %msg%n";

    /** The end of the name of a log, with the id of the execution. */
    private static final Pattern NAME = Pattern.compile("\\.(\\d{1,18})\\.log$");

    private final Path folder;
    private final ObjectStore store;
    private volatile boolean open = true;
    private @Nullable FileAppender<ILoggingEvent> appender;

    private RunLog(Path folder, ObjectStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** Opens the log of a run, which this thread works on from now on: files in that folder, moved into that store. */
    public static RunLog open(Path folder, ObjectStore store) {
        RunLog log = new RunLog(folder, store);
        OF_THREAD.set(log);
        return log;
    }

    /** Names the worker that this process is in all that it logs from now on. */
    public static void ofWorker(String name) {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).putProperty("worker", name);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        closeFile();
        MDC.put(
                RUN,
                RunName.of(
                        execution.getJobInstance().getJobName(),
                        execution.getJobInstance().getInstanceId()));
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setContext(context);
        file.setEncoder(encoder);
        file.setFile(folder.resolve(name(execution)).toString());
        file.addFilter(new OwnThreads());
        file.start();
        root().addAppender(file);
        appender = file;
    }

    /**
     * Moves the logs of a run's executions into its folder.
     *
     * @return where that of this execution is now, for a person; empty when it could not even be written here
     */
    public Optional<String> keep(JobExecution execution, ObjectUri run) {
        closeFile();
        Path own = folder.resolve(name(execution));
        Optional<String> kept = Optional.of(own).filter(Files::exists).map(Path::toString);
        for (Path log : logs(execution)) {
            ObjectUri uri = run.child("logs").child(String.valueOf(log.getFileName()));
            try {
                StoredObject stored = store.put(uri, log);
                Files.delete(log);
                kept = log.equals(own) ? Optional.of(store.location(stored.uri())) : kept;
            } catch (IOException e) {
                LoggerFactory.getLogger(RunLog.class).warn("{} could not be saved as {}", log, uri, e);
            }
        }
        return kept;
    }

    /** Where the logs of a run's executions are that moved into its folder, by the id of the execution. */
    public static Map<Long, String> kept(ObjectStore store, ObjectUri run) throws IOException {
        Map<Long, String> kept = new HashMap<>();
        for (ObjectUri log : store.sizes(run.child("logs")).keySet()) {
            Matcher name = NAME.matcher(log.name());
            if (name.find()) {
                kept.put(Long.valueOf(name.group(1)), store.location(log));
            }
        }
        return kept;
    }

    /** Ends the log. To be called by the thread that opened it. */
    @Override
    public void close() {
        closeFile();
        open = false;
        OF_THREAD.remove();
        MDC.remove(RUN);
    }

    private void closeFile() {
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
        return RunName.of(
                        execution.getJobInstance().getJobName(),
                        execution.getJobInstance().getInstanceId())
                + ".";
    }

    private static String name(JobExecution execution) {
        return prefix(execution) + execution.getId() + ".log";
    }

    /** Leaves out what threads of other runs log. A thread may outlive the run that started it, and is nobody's then. */
    private final class OwnThreads extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            RunLog log = OF_THREAD.get();
            return log == null || log == RunLog.this || !log.open ? FilterReply.NEUTRAL : FilterReply.DENY;
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
