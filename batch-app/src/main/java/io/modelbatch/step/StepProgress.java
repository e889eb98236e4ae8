package io.modelbatch.step;

import java.util.Map;

/** What a step tells while it runs. Called by several threads at once. */
public interface StepProgress {
    /** Work that takes a while and counts no rows begins, in a few words: {@code loads gs://models/x}. */
    void stage(String step, String words);

    /** Rows written so far, earlier executions of the run included, of all that the step has. */
    void rows(String step, long done, long total);

    /** A stage of a training: at least {@code training-step}, {@code training-steps}, {@code loss}, {@code epoch}. */
    void training(String step, Map<String, Object> figures);

    /** Something worth a line of its own: what a step found, made or decided. */
    void result(String step, Map<String, Object> figures);
}
