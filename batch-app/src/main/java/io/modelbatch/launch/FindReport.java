package io.modelbatch.launch;

import io.modelbatch.report.RunReports;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunSummary;
import java.io.IOException;
import java.util.Optional;

/** Finds the reports of runs. */
public final class FindReport {
    private final RunCatalog catalog;
    private final RunReports reports;

    FindReport(RunCatalog catalog, RunReports reports) {
        this.catalog = catalog;
        this.reports = reports;
    }

    /** The report of a run, as JSON; empty as long as it has none. */
    public Optional<byte[]> of(RunSummary run) throws IOException {
        return reports.read(catalog.folder(run));
    }
}
