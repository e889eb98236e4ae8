package io.modelbatch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** The log of all commands, for unexpected errors. A configuration file of Logback would evaluate what looks like a variable in the folder's path. */
final class BatchLog {
    private static final String NAME = "batch.log";
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level PROCESS [%thread] %logger{40} : %msg%n";
    private static final FileSize SIZE = FileSize.valueOf("10MB");
    private static final int DAYS = 7;

    private BatchLog() {}

    /** From now on what is logged is in that folder too. */
    static void open(Path folder) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        Appender<ILoggingEvent> before = root.getAppender(NAME);
        if (before != null) {
            root.detachAppender(before);
            before.stop();
        }
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setName(NAME);
        file.setContext(context);
        file.setFile(folder.resolve(NAME).toString());
        file.setEncoder(encoder(context));
        file.setRollingPolicy(policy(context, folder, file));
        file.start();
        root.addAppender(file);
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN.replace(
                "PROCESS", String.valueOf(ProcessHandle.current().pid())));
        encoder.start();
        return encoder;
    }

    private static SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy(
            LoggerContext context, Path folder, RollingFileAppender<ILoggingEvent> file) {
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(file);
        // In a pattern a percent sign begins a conversion.
        policy.setFileNamePattern(folder.resolve(NAME).toString().replace("%", "\\%") + ".%d{yyyy-MM-dd}.%i.gz");
        policy.setMaxFileSize(SIZE);
        policy.setMaxHistory(DAYS);
        policy.start();
        return policy;
    }
}
