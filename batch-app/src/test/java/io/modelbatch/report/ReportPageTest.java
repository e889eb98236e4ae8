package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.facts.Executed;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.store.ObjectUri;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://modelbatch/runs/predict-42");

    @Test
    void beginsWithTheCauseAndTheNextCommand() {
        String page = html(SampleReports.failed());

        assertThat(page)
                .contains("412 of 31,744 rows were rejected", "java -jar batch.jar job=predict date=2026-03-31");
        assertThat(page.indexOf("job=predict date=")).isLessThan(page.indexOf("<h2 id=\"results-title\""));
    }

    @Test
    void aRunAtWorkSaysWhen() {
        assertThat(html(SampleReports.atWork()))
                .contains("at work, as of 2026-03-31T18:16:06Z")
                .doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void noTextOfDataBecomesMarkup() {
        String page = html(SampleReports.hostile("<b onclick=x>\"'</style></svg>"));

        assertThat(page).doesNotContain("<b ", "</style></svg>\"");
        assertThat(count(page, "</style>")).isEqualTo(1);
        assertThat(count(page, "<svg")).isEqualTo(count(page, "</svg>"));
    }

    @Test
    void charactersThatDeceiveAreShown() {
        String page = html(SampleReports.hostile("a\u202Eb\u0000c\u200Bd\uD800e\u2066f\u001bg"));

        assertThat(page).contains("a⟨U+202E⟩b␀c⟨U+200B⟩d⟨U+D800⟩e⟨U+2066⟩f␛g");
        assertThat(page.codePoints().filter(c -> Character.isISOControl(c) && c != '\n'))
                .isEmpty();
    }

    @Test
    void aLongTextIsTruncated() {
        String page = html(SampleReports.hostile("x".repeat(10_000)));

        assertThat(page).contains("x… (10\u202f000 characters)");
        assertThat(page.length()).isLessThan(400_000);
    }

    @Test
    void aThousandPartitionsStaySmall() {
        assertThat(html(SampleReports.partitions(1000)).length()).isLessThan(1_500_000);
    }

    @Test
    void saysTheDriftInWords() {
        assertThat(html(SampleReports.completed()))
                .contains(
                        "some change", "little change", "href=\"../predict-39-20260330T181502-de65eff0/report.html\"");
    }

    @Test
    void linksToResultsBesideItselfOrInTheConsole() {
        assertThat(html(SampleReports.completed()))
                .contains("href=\"../../../receipts-ml/predictions/2026-03-31\"", "href=\"logs/predict-42.2.log\"");
        Links cloud = new Links(new RunEnvironment("gcp", "p", "EU"), FOLDER);
        assertThat(cloud.value("gs://results/a folder/x#1").link())
                .hasValue("https://console.cloud.google.com/storage/browser/results/a%20folder/x%231");
        assertThat(cloud.value("javascript:alert(1)").link()).isEmpty();
        assertThat(cloud.value("gs://results/../x").link()).isEmpty();
    }

    @Test
    void factsThatItDoesNotKnowAreShownByTheirNames() {
        OwnFacts facts = new OwnFacts(Map.of(
                "word-count", 12_345, "parts", List.of(Map.of("name", "one", "size", 0.5), Map.of("name", "two"))));

        assertThat(FactsTable.values(facts)).containsEntry("word count", 12_345).containsKey("parts");
        assertThat(FactsTable.values(new Executed(0, 2, 1.5, null, 3, 4, "gs://results/x", null)))
                .containsEntry("exit code", 0)
                .containsEntry("uri", "gs://results/x")
                .doesNotContainKey("peak memory");
    }

    private static long count(String page, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(page).results().count();
    }

    private static String html(RunReport report) {
        return new ReportPage(report, FOLDER, SampleReports.STARTED.plusSeconds(62)).html();
    }
}
