package io.modelbatch.report;

import io.modelbatch.facts.Loaded;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.Table;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The section about the rows and the results of a run, with their places. */
final class Results {
    /** The usual names of the address of a result. */
    private static final Set<String> ADDRESS = Set.of("to", "uri");

    private Results() {}

    static void write(Html html, RunReport report, Links links) {
        Sections.open(html, "results", "Results");
        Table steps = new Table("Steps and their rows", "Step", "Status", "#Rows", "#Rejected", "#Time", "#Rows/s");
        for (RunReport.Step step : report.steps()) {
            steps.row(
                    Cell.of(step.name()),
                    Cell.of(step.status().toLowerCase(Locale.ROOT)),
                    Cell.of(step.rows()),
                    Cell.of(step.rejected()),
                    Cell.of(Amount.duration(step.seconds())),
                    Cell.of(step.rows() > 0 && step.seconds() > 0 ? Amount.number(step.rowsPerSecond()) : "–"));
        }
        if (steps.isEmpty()) {
            html.element("p", "No step has begun.");
        } else {
            steps.write(html);
        }
        Table places = new Table("Where the results are", "Step", "What", "Where");
        for (RunReport.Step step : report.steps()) {
            places(step).forEach((what, where) -> places.row(Cell.of(step.name()), Cell.of(what), link(where, links)));
        }
        if (!places.isEmpty()) {
            places.write(html);
        }
        Sections.close(html);
    }

    private static Cell link(String place, Links links) {
        return place.startsWith("gs://") ? links.value(place) : Cell.code(place);
    }

    /** All addresses and tables in a step's facts by what is there, but not what it read. */
    static Map<String, String> places(RunReport.Step step) {
        Map<String, String> places = new LinkedHashMap<>();
        FactsTable.values(step.figures()).forEach((name, value) -> {
            if (value instanceof String text && text.startsWith("gs://") && !name.startsWith("used model")) {
                places.put(ADDRESS.contains(name) ? "result" : name, text);
            }
        });
        if (step.figures() instanceof Loaded loaded) {
            String day = loaded.partition() == null ? "" : ", day " + loaded.partition();
            places.put("table" + day, loaded.table());
        }
        return places;
    }
}
