package io.modelbatch.cli;

import io.modelbatch.telemetry.GoogleLog;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Standard error as entries of Cloud Logging: one for each message that is printed there. */
final class ErrorEntries extends Writer {
    private final StringBuilder message = new StringBuilder();
    private final PrintWriter out;
    private final GoogleLog log;
    private final InstantSource clock;

    ErrorEntries(PrintWriter out, GoogleLog log, InstantSource clock) {
        this.out = out;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public void write(char[] text, int from, int length) {
        message.append(text, from, length);
    }

    @Override
    public void flush() {
        String text = message.toString().strip();
        message.setLength(0);
        if (!text.isEmpty()) {
            out.println(
                    Json.line(log.entry(clock.instant(), GoogleLog.Severity.ERROR, text, Map.of(), Optional.empty())));
        }
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
