package io.modelbatch.report.html;

/** A picture of numbers. */
interface Chart {
    /** Its width in pixels; it is made smaller where the page has less. */
    int width();

    /** Its height in pixels. */
    int height();

    /** Draws it as SVG; colours come from the page's style sheet. */
    void draw(Html html);
}
