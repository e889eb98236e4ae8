package io.modelbatch.cli;

import io.modelbatch.bench.Bench;
import io.modelbatch.launch.CheckJob;
import io.modelbatch.launch.FindReport;
import io.modelbatch.launch.PruneRuns;
import io.modelbatch.launch.RunControl;
import io.modelbatch.launch.StartRun;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.worker.Worker;

/** The application behind the verbs that need the job repository. Started only by these. */
public interface Services extends AutoCloseable {
    /** The runs so far. */
    RunCatalog catalog();

    /** Finds the reports of runs. */
    FindReport reports();

    /** Starts and resumes runs. */
    StartRun startRun();

    /** Stops, gives up and recovers runs. */
    RunControl runControl();

    /** Removes what finished runs left. */
    PruneRuns pruneRuns();

    /** Executes partitions of runs that other processes manage. */
    Worker worker();

    /** Measures what a model does. */
    Bench bench();

    /** Looks at what runs need. */
    CheckJob checkJob();

    @Override
    void close();
}
