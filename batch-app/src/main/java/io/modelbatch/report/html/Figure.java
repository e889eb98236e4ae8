package io.modelbatch.report.html;

/**
 * A chart with its title, a sentence about it, and its numbers as a table, which opens on a click.
 *
 * @param title its title
 * @param about a sentence that says the same as the chart, also for a screen reader
 * @param chart the picture
 * @param table its numbers
 */
public record Figure(String title, String about, Chart chart, Table table) {
    /** Writes it. */
    public void write(Html html) {
        String id = html.id("chart");
        boolean isWide = chart.width() > AxisFrame.WIDTH;
        html.open("figure", "class", isWide ? "wide" : "small");
        html.open("figcaption")
                .element("strong", title)
                .text(" ")
                .element("span", about)
                .end();
        if (isWide) {
            html.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", title);
        }
        html.open(
                "svg",
                "viewBox",
                "0 0 " + chart.width() + " " + chart.height(),
                "role",
                "img",
                "aria-labelledby",
                id + "-t " + id + "-d");
        html.element("title", title, "id", id + "-t").element("desc", about, "id", id + "-d");
        chart.draw(html);
        html.end();
        if (isWide) {
            html.end();
        }
        if (!table.isEmpty()) {
            table.writeClosed(html, "The numbers");
        }
        html.end().line();
    }
}
