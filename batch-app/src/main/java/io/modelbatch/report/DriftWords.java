package io.modelbatch.report;

/** Drift in words. */
final class DriftWords {
    static final String EXPLANATION =
            "The words follow the population stability index: below 0.1 little change, from 0.1 some change,"
                    + " from 0.2 a significant change. The Jensen-Shannon distance is 0 for equal distributions and 1 for those with nothing in common.";

    private static final double SOME = 0.1;
    private static final double SIGNIFICANT = 0.2;

    private DriftWords() {}

    static String of(Drift drift) {
        double index = drift.populationStability();
        return index < SOME ? "little change" : index < SIGNIFICANT ? "some change" : "significant change";
    }
}
