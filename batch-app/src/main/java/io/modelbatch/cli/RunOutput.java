package io.modelbatch.cli;

import com.google.common.base.Ticker;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.RunEvent;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The output of a run while it runs, and at its end. */
interface RunOutput extends Consumer<RunEvent>, AutoCloseable {
    /** A progress bar where a person looks, a JSON line per event elsewhere. */
    static RunOutput create(PrintWriter out) {
        return Terminal.isThere()
                ? new TerminalOutput(out, Terminal::columns, Ticker.systemTicker())
                : new JsonLinesOutput(out, InstantSource.system(), Ticker.systemTicker());
    }

    /** The last line. */
    void ended(RunOutcome outcome);

    @Override
    void close();
}
