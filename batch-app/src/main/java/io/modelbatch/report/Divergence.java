package io.modelbatch.report;

import java.util.stream.LongStream;

/**
 * The difference between two distributions, given as counts of the same categories or intervals.
 *
 * @param jensenShannon Jensen-Shannon distance, from 0 (equal) to 1: the square root of the divergence to base 2 (Lin, "Divergence measures
 *     based on the Shannon entropy", IEEE Transactions on Information Theory 37, 1991; Endres and Schindelin, "A new metric for probability
 *     distributions", 49, 2003)
 * @param populationStability population stability index, from 0 (equal): the sum of {@code (p - q) ln(p / q)} (Siddiqi, "Credit Risk
 *     Scorecards", 2006). A share of 0 counts as 0.0001, because its logarithm would be infinite; categories that neither has are left out
 */
record Divergence(double jensenShannon, double populationStability) {
    private static final double SMALLEST_SHARE = 1e-4;

    /** The difference between two lists of counts, of which neither is empty of counts. */
    static Divergence of(long[] now, long[] before) {
        double divergence = 0;
        double stability = 0;
        double all = LongStream.of(now).sum();
        double allBefore = LongStream.of(before).sum();
        for (int i = 0; i < now.length; i++) {
            if (now[i] > 0 || before[i] > 0) {
                double p = now[i] / all;
                double q = before[i] / allBefore;
                double middle = (p + q) / 2;
                divergence += (part(p, middle) + part(q, middle)) / 2;
                double some = Math.max(p, SMALLEST_SHARE);
                double someBefore = Math.max(q, SMALLEST_SHARE);
                stability += (some - someBefore) * Math.log(some / someBefore);
            }
        }
        return new Divergence(Math.sqrt(Math.max(0, Math.min(1, divergence))), stability);
    }

    private static double part(double share, double middle) {
        return share == 0 ? 0 : share * Math.log(share / middle) / Math.log(2);
    }
}
