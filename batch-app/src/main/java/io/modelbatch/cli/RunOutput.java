package io.modelbatch.cli;

import com.google.common.base.Ticker;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.RunEvent;
import io.modelbatch.telemetry.GoogleLog;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** The output of a run while it runs, and at its end. */
interface RunOutput extends Consumer<RunEvent>, AutoCloseable {
    /** A progress bar where a person looks, a JSON line per event elsewhere, and an entry for Cloud Logging wherever that is wanted. */
    static RunOutput create(PrintWriter out, Settings settings) {
        Optional<GoogleLog> google = settings.googleLog();
        return google.isEmpty() && Terminal.isThere()
                ? new TerminalOutput(out, Terminal::columns, Ticker.systemTicker())
                : new JsonLinesOutput(out, EventFormat.of(google), InstantSource.system(), Ticker.systemTicker());
    }

    /** The last line. */
    void ended(RunOutcome outcome);

    @Override
    void close();
}
