package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it. */
class ReportPageInBrowserTest {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://modelbatch/runs/predict-42");
    private static final String HOSTILE =
            "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
                    + "'\"</title></style>&lt;\u202Egnp.\u0000\u001b[31m\uD800\u2028{{x}}" + "w".repeat(10_000);

    @TempDir
    private Path folder;

    @Test
    void isAccessibleAndNeedsNothingElse() throws Exception {
        Map<String, RunReport> reports = new LinkedHashMap<>();
        reports.put("completed", SampleReports.completed());
        reports.put("failed", SampleReports.failed());
        reports.put("at-work", SampleReports.atWork());
        reports.put("training", SampleReports.training());
        reports.put("hostile", SampleReports.hostile(HOSTILE));
        try (Chromium chromium = Chromium.start()) {
            for (Map.Entry<String, RunReport> report : reports.entrySet()) {
                Path page = Chromium.written(folder, report.getKey() + ".html", html(report.getValue()));
                lookClosely(chromium, page, Chromium.DESKTOP, "light");
                lookClosely(chromium, page, Chromium.PHONE, "dark");
                look(chromium, page, Chromium.PHONE, "light");
            }
        }
    }

    /** axe takes a minute for its tables, whose rows are those of the others. */
    @Test
    void aThousandPartitionsNeedNothingElseEither() throws Exception {
        try (Chromium chromium = Chromium.start()) {
            Path page = Chromium.written(folder, "partitions.html", html(SampleReports.partitions(1000)));
            look(chromium, page, Chromium.DESKTOP, "dark");
            look(chromium, page, Chromium.PHONE, "light");
        }
    }

    private static void lookClosely(Chromium chromium, Path page, int width, String theme) {
        look(chromium, page, width, theme);
        assertThat(chromium.seriousFindings())
                .as(page.getFileName() + ", " + width + " pixels, " + theme)
                .isEmpty();
        chromium.console(); // of axe
    }

    private static void look(Chromium chromium, Path page, int width, String theme) {
        String what = page.getFileName() + ", " + width + " pixels, " + theme;
        chromium.requests();
        chromium.screen(width, 800, theme);
        chromium.open(page);

        assertThat(chromium.requests()).as(what).containsExactly(page.toUri().toString());
        assertThat(chromium.console()).as(what).isEmpty();
        assertThat((Long) chromium.value("document.documentElement.scrollWidth"))
                .as("width of " + what)
                .isLessThanOrEqualTo(width);
        assertThat((String) chromium.value("document.title"))
                .as(what)
                .matches("(predict|train)-.* (completed|failed|started)");
        assertThat((Long) chromium.value("document.scripts.length")).as(what).isZero();
    }

    @Test
    void headingsAreInOrderAndLinksLeadSomewhere() throws Exception {
        try (Chromium chromium = Chromium.start()) {
            chromium.open(Chromium.written(folder, "page.html", html(SampleReports.completed())));

            assertThat((List<?>) chromium.value(
                            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
                                    + ".filter((level, i, all) => i > 0 && level > all[i - 1] + 1)"))
                    .isEmpty();
            assertThat((List<?>) chromium.value("[...document.querySelectorAll('a[href^=\"#\"]')]"
                            + ".map(a => a.getAttribute('href')).filter(id => !document.querySelector(id))"))
                    .isEmpty();
            assertThat(
                            (List<?>)
                                    chromium.value(
                                            "[...document.querySelectorAll('svg')]"
                                                    + ".filter(s => !s.closest('figure').querySelector('details table caption')).map(s => s.textContent)"))
                    .as("charts without a table")
                    .isEmpty();
        }
    }

    private static String html(RunReport report) {
        return new ReportPage(report, FOLDER, SampleReports.STARTED.plusSeconds(62)).html();
    }
}
