package io.modelbatch.report;

import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import java.time.Instant;
import java.util.Map;

/** The first part of the page: how the run ended, and what to do next. */
final class WhatHappened {
    private static final Map<Integer, String> EXITS = Map.of(
            0, "completed",
            1, "failed; trying again may help",
            2, "wrong usage or configuration",
            3, "failed; trying again alone does not help",
            4, "stopped; it can be resumed",
            5, "another process held the run or what it writes");

    private WhatHappened() {}

    static void write(Html html, RunReport report, Instant now) {
        Sections.open(html, "happened", "What happened");
        html.element("p", sentence(report, now), "class", "lead");
        if (report.cause() != null) {
            html.open("div", "class", "cause")
                    .element("h3", "Cause")
                    .element("p", report.cause(), "class", "data")
                    .end();
        }
        for (RunReport.Next next : report.next()) {
            html.open("div", "class", "next").element("h3", next.what());
            html.open("pre").element("code", next.command()).end().end();
        }
        html.open("dl", "class", "facts");
        Sections.item(html, "Job", Cell.of(report.job()));
        report.parameters().forEach((name, value) -> Sections.item(html, name, Cell.of(value)));
        Sections.time(html, "Started", report.started());
        if (report.ended() != null) {
            Sections.time(html, "Ended", report.ended());
        }
        Sections.item(html, "Worked for", Cell.of(Amount.duration(report.seconds())));
        if (report.exit() != null) {
            String meaning = EXITS.get(report.exit());
            Sections.item(html, "Exit code", Cell.of(report.exit() + (meaning == null ? "" : ": " + meaning)));
        }
        if (report.executions().size() > 1) {
            Sections.item(html, "Times started", Cell.of(report.executions().size()));
        }
        html.end();
        Sections.close(html);
    }

    private static String sentence(RunReport report, Instant now) {
        String took = Amount.duration(report.seconds());
        int starts = report.executions().size();
        String after = starts > 1 ? ", after " + (starts - 1) + (starts == 2 ? " restart" : " restarts") : "";
        return switch (report.status()) {
            case "COMPLETED" -> "The run is complete. It worked for " + took + after + ".";
            case "FAILED" -> "The run failed after " + took + " of work" + after + ". What it committed is kept.";
            case "STOPPED" -> "The run was stopped after " + took + " of work" + after + ". It can be resumed.";
            case "ABANDONED" -> "The run was abandoned after " + took + " of work" + after + ".";
            default ->
                "The run is at work, as of " + Amount.time(now)
                        + ". This page does not change by itself: load it again, or type the command 'report' again.";
        };
    }
}
