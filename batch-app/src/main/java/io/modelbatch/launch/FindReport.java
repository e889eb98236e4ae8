package io.modelbatch.launch;

import io.modelbatch.report.Highlights;
import io.modelbatch.report.RunReport;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunSummary;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the reports of runs. */
public final class FindReport {
    private final RunCatalog catalog;
    private final RunReports reports;
    private final BuildReport build;

    FindReport(RunCatalog catalog, RunReports reports, BuildReport build) {
        this.catalog = catalog;
        this.reports = reports;
        this.build = build;
    }

    /**
     * The report of a run, as JSON: the one in its folder, or one that is made now where that one is missing or says less than the job
     * repository. That is so while a process works on the run, and when it was killed.
     *
     * @param resume the command that resumes the run
     */
    public byte[] json(RunSummary run, TypedCommand resume) throws IOException {
        Optional<byte[]> written = reports.read(catalog.folder(run));
        return written.isPresent() && isOf(run, written.get()) ? written.get() : RunReports.json(of(run, resume));
    }

    /** The report of a run as the job repository has it now. */
    public RunReport of(RunSummary run, TypedCommand resume) throws IOException {
        return build.of(run, resume);
    }

    /** Where programs and people find the report of a run. */
    ReportFiles files(RunSummary run) {
        ObjectUri folder = catalog.folder(run);
        return new ReportFiles(reports.location(folder), reports.page(folder));
    }

    /** The findings of a run in a few lines. */
    public List<String> highlights(RunSummary run, TypedCommand resume) throws IOException {
        return Highlights.of(of(run, resume));
    }

    /**
     * Where a person opens the report of a run. The page is written where it is missing or says less than the job repository.
     *
     * @param resume the command that resumes the run
     */
    public String page(RunSummary run, TypedCommand resume) throws IOException {
        ObjectUri folder = catalog.folder(run);
        if (!isWritten(run)) {
            try {
                Optional<StoredObject> before = reports.findPage(folder);
                reports.replacePage(folder, of(run, resume), before);
            } catch (ObjectExistsException e) {
                // The process of the run wrote a newer one.
            }
        }
        return reports.page(folder);
    }

    /**
     * Writes the report of a run that another command than its own has changed; nothing where it says what the job repository has.
     *
     * @param resume the command that resumes the run
     */
    public void update(RunSummary run, TypedCommand resume) throws IOException {
        Optional<StoredObject> before = reports.find(catalog.folder(run));
        RunSummary now = catalog.find(run.run()).orElseThrow();
        if (!now.isOpen() && !isWritten(now)) {
            try {
                reports.replace(catalog.folder(now), of(now, resume), before);
            } catch (ObjectExistsException e) {
                // The next process of the run wrote a newer one.
            }
        }
    }

    /** True when the report in the folder of a run was written after the run last changed. */
    boolean isWritten(RunSummary run) throws IOException {
        ObjectUri folder = catalog.folder(run);
        Optional<byte[]> written = reports.read(folder);
        return written.isPresent()
                && isOf(run, written.get())
                && reports.findPage(folder).isPresent();
    }

    private static boolean isOf(RunSummary run, byte[] report) {
        try {
            JsonNode json = JsonMapper.shared().readTree(report);
            return !run.isOpen()
                    && json.path("status").asString().equals(run.status())
                    && json.path("ended").asString("").equals(text(run.ended()));
        } catch (JacksonException e) {
            return false; // damaged
        }
    }

    private static String text(@Nullable Object time) {
        return Objects.toString(time, "");
    }
}
