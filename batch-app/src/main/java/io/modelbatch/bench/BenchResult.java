package io.modelbatch.bench;

import java.util.OptionalDouble;

/**
 * The result of a benchmark. Rates count from the moment that it was loaded; seconds from the start of the process.
 *
 * @param model which
 * @param dtype the type that it computed in
 * @param device the device that computed
 * @param tokenBudget tokens of a forward pass at the end
 * @param rows rows answered
 * @param rowsPerSecond of them
 * @param tokensPerSecond tokens without padding
 * @param padding tokens computed for one that was read
 * @param forwardShare the share of the time that the device spent in forward passes, from 0 to 1
 * @param gflops achieved in forward passes, by the dense layers' products alone, padding included; empty where these are not known
 * @param peakGflops of a large product of matrices on the same threads in the same type
 * @param firstSeconds to the first 32 answers
 * @param totalSeconds to the end
 * @param peakMib largest resident memory of the process
 */
public record BenchResult(
        String model,
        String dtype,
        String device,
        int tokenBudget,
        long rows,
        double rowsPerSecond,
        double tokensPerSecond,
        double padding,
        double forwardShare,
        OptionalDouble gflops,
        double peakGflops,
        double firstSeconds,
        double totalSeconds,
        long peakMib) {}
