package io.modelbatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.modelbatch.run.RunLog;
import io.modelbatch.telemetry.GoogleLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The log of all commands, for unexpected errors, and the one before it. Logback's configuration and its patterns of file names would
 * evaluate what looks like a variable in the folder's path.
 */
final class BatchLog {
    private static final String NAME = "batch.log";
    private static final String STANDARD_ERROR = "standard-error";
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level PROCESS [%thread] %logger{40} : %msg%n";
    private static final long MOST_BYTES = 10 << 20;

    private BatchLog() {}

    /** From now on what is logged is in that folder too. */
    static void open(Path folder, Optional<GoogleLog> google) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        // A log that cannot be written must not fill the terminal with traces in place of what the command says.
        context.getStatusManager().getCopyOfStatusListenerList().forEach(context.getStatusManager()::remove);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        remove(root, NAME);
        remove(root, STANDARD_ERROR);
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setName(NAME);
        file.setContext(context);
        file.setFile(withRoom(folder.resolve(NAME)).toString());
        file.setEncoder(google.map(log -> encoder(context, log)).orElseGet(() -> encoder(context)));
        file.addFilter(new OfCommands());
        file.start();
        root.addAppender(file);
        google.ifPresent(log -> root.addAppender(standardError(context, log)));
    }

    private static void remove(Logger root, String name) {
        Appender<ILoggingEvent> before = root.getAppender(name);
        if (before != null) {
            root.detachAppender(before);
            before.stop();
        }
    }

    /** Where the agents of Google Cloud look. The file is gone with its container. */
    private static Appender<ILoggingEvent> standardError(LoggerContext context, GoogleLog log) {
        ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
        standardError.setName(STANDARD_ERROR);
        standardError.setContext(context);
        standardError.setTarget("System.err");
        standardError.setEncoder(encoder(context, log));
        standardError.addFilter(new OfCommands());
        standardError.addFilter(new WorthALook());
        standardError.start();
        return standardError;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, GoogleLog log) {
        GoogleLogEncoder encoder = new GoogleLogEncoder(log);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** Leaves out what only the logs of runs are for, such as the output of programs. */
    private static final class OfCommands extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return event.getMarkerList() != null && event.getMarkerList().contains(RunLog.OF_RUN)
                    ? FilterReply.DENY
                    : FilterReply.NEUTRAL;
        }
    }

    /** Lets warnings of ours pass, and errors of libraries: these warn of much that is as it must be. */
    private static final class WorthALook extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            Level least = event.getLoggerName().startsWith("io.modelbatch") ? Level.WARN : Level.ERROR;
            return event.getLevel().isGreaterOrEqual(least) ? FilterReply.NEUTRAL : FilterReply.DENY;
        }
    }

    /** A log that has become long makes room for a new one. */
    private static Path withRoom(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > MOST_BYTES) {
                Files.move(log, log.resolveSibling(NAME + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (NoSuchFileException e) {
            // Another process made room.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN.replace(
                "PROCESS", String.valueOf(ProcessHandle.current().pid())));
        encoder.start();
        return encoder;
    }
}
