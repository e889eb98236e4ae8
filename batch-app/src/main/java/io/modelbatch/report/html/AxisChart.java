package io.modelbatch.report.html;

/** A chart with axes, as large as all others of its kind. */
interface AxisChart extends Chart {
    @Override
    default int width() {
        return AxisFrame.WIDTH;
    }

    @Override
    default int height() {
        return AxisFrame.HEIGHT;
    }
}
