package io.modelbatch.report;

import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Html;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The report of a run as a page that needs nothing else: no network, no script. */
final class ReportPage {
    /** A page that somebody tampered with the data of still loads nothing and runs nothing. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final RunReport report;
    private final Links links;
    private final Instant now;

    /**
     * Of a report.
     *
     * @param folder where the page will be
     * @param now when it is written
     */
    ReportPage(RunReport report, ObjectUri folder, Instant now) {
        this.report = report;
        this.links = new Links(report.environment(), folder);
        this.now = now;
    }

    /** The page. */
    String html() {
        Html html = new Html();
        html.open("html", "lang", "en");
        head(html);
        html.open("body").element("a", "Skip to the report", "href", "#report", "class", "skip");
        header(html);
        html.open("main", "id", "report", "tabindex", "-1");
        sections().values().forEach(section -> section.write(html));
        html.end();
        html.open("footer")
                .element(
                        "p", "Written " + Amount.time(now) + " by Modelbatch. All times are in UTC. The same as data: ")
                .open("p")
                .element("a", RunReports.DATA, "href", RunReports.DATA)
                .end()
                .end();
        return html.end().end().line().toString();
    }

    private void head(Html html) {
        html.open("head").line();
        html.empty("meta", "charset", "utf-8").line();
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
                .line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.empty("meta", "name", "color-scheme", "content", "light dark").line();
        html.empty("meta", "name", "referrer", "content", "no-referrer").line();
        html.empty("link", "rel", "icon", "href", "data:,").line();
        html.element("title", report.run() + " " + report.status().toLowerCase(Locale.ROOT))
                .line();
        html.style(styleSheet()).end().line();
    }

    private void header(Html html) {
        html.open("header").open("h1").text(report.run() + " ");
        html.element("span", report.status().toLowerCase(Locale.ROOT), "class", Sections.badge(report.status()))
                .end();
        if (report.description() != null) {
            html.element("p", report.description(), "class", "lead");
        }
        html.open("nav", "aria-label", "Parts of the report").open("ul");
        sections()
                .keySet()
                .forEach(title -> html.open("li")
                        .element("a", title.name(), "href", "#" + title.id())
                        .end());
        html.end().end().end().line();
    }

    /** In the order in which a reader asks. */
    private Map<Title, Section> sections() {
        Map<Title, Section> sections = new LinkedHashMap<>();
        sections.put(new Title("happened", "What happened"), html -> WhatHappened.write(html, report, now));
        sections.put(new Title("results", "Results"), html -> Results.write(html, report, links));
        TimeLine time = new TimeLine(report, now);
        if (time.isThere()) {
            sections.put(new Title("time", "Time"), time::write);
        }
        if (Rejects.isThere(report)) {
            sections.put(new Title("rejects", "Rejected rows"), html -> Rejects.write(html, report));
        }
        if (Comparisons.isThere(report)) {
            sections.put(
                    new Title("distributions", "Answers and texts"), html -> Comparisons.write(html, report, links));
        }
        Cost cost = report.cost();
        if (cost != null) {
            sections.put(new Title("cost", "Cost"), html -> Costs.write(html, cost));
        }
        if (Learning.isThere(report)) {
            sections.put(new Title("learning", "Training and evaluation"), html -> Learning.write(html, report));
        }
        sections.put(new Title("details", "How it ran"), html -> HowItRan.write(html, report, links));
        return sections;
    }

    /** The address and the heading of a section. */
    private record Title(String id, String name) {}

    /** Writes a section. */
    private interface Section {
        void write(Html html);
    }

    private static String styleSheet() {
        try (InputStream css = Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
