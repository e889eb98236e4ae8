package io.modelbatch.report;

import io.modelbatch.facts.OwnFacts;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.Table;
import java.util.Locale;

/** The last part of the page: everything that decided what the run did. */
final class HowItRan {
    private HowItRan() {}

    static void write(Html html, RunReport report, Links links) {
        Sections.open(html, "details", "How it ran");
        for (RunReport.Step step : report.steps()) {
            if (!step.figures().equals(OwnFacts.NONE)) {
                html.element(
                        "h3",
                        step.type() == null || step.type().equals(step.name())
                                ? step.name()
                                : step.name() + " (" + step.type() + ")");
                new FactsTable(links).write(html, step.figures());
            }
        }
        html.element("h3", "Executions");
        Table executions = new Table(
                "Each start of the run", "#No.", "Status", "Started", "Ended", "#Exit", "Host", "Cause", "Log");
        for (RunReport.Execution execution : report.executions()) {
            executions.row(
                    Cell.of(execution.number()),
                    Cell.of(execution.status().toLowerCase(Locale.ROOT)),
                    Cell.of(execution.started()),
                    execution.ended() == null ? Cell.of("") : Cell.of(execution.ended()),
                    Cell.of(execution.exit() == null ? "" : execution.exit().toString()),
                    Cell.of(execution.host() == null ? "" : execution.host()),
                    Cell.of(execution.cause() == null ? "" : execution.cause()),
                    execution.log() == null ? Cell.of("") : links.log(execution.log()));
        }
        executions.write(html);
        html.element("h3", "Environment");
        environment(html, report, links);
        if (!report.acceptedChanges().isEmpty()) {
            html.element("h3", "Accepted changes of the job file").open("ul");
            report.acceptedChanges().forEach(change -> html.element("li", change));
            html.end();
        }
        Table settings = new Table("The job file as the run read it, defaults included", "Key", "Value");
        report.settings().forEach((key, value) -> settings.row(Cell.code(key), links.value(value)));
        if (!settings.isEmpty()) {
            html.element("h3", "Job file");
            settings.write(html);
        }
        Sections.close(html);
    }

    private static void environment(Html html, RunReport report, Links links) {
        html.open("dl", "class", "facts");
        RunEnvironment environment = report.environment();
        Sections.item(html, "Environment", Cell.of(environment.name()));
        if (environment.project() != null) {
            Sections.item(html, "Project", Cell.of(environment.project()));
        }
        if (environment.location() != null) {
            Sections.item(html, "Location", Cell.of(environment.location()));
        }
        ReportedProcess process = report.process();
        if (process != null) {
            Sections.item(html, "Last process", Cell.of(process.processId() + " on " + process.host()));
            Sections.item(html, "Command", Cell.code(process.command()));
            if (process.version() != null) {
                Sections.item(html, "Version of Modelbatch", Cell.of(process.version()));
            }
        }
        if (report.log() != null) {
            Sections.item(html, "Log", links.log(report.log()));
        }
        html.end();
    }
}
