package io.modelbatch.step;

import java.util.Map;

/** What a step tells while it runs. Called by several threads at once. */
public interface StepProgress {
    /** Rows written so far, earlier executions of the run included, of all that the step has. */
    void rows(String step, long done, long total);

    /** A stage of a training: at least {@code epoch}, {@code training-step}, {@code training-steps}, {@code loss}. */
    void training(String step, Map<String, Object> figures);

    /** Something worth a line of its own: what a step found, made or decided. */
    void result(String step, Map<String, Object> figures);
}
