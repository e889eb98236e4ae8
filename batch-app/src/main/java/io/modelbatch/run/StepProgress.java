package io.modelbatch.run;

import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;

/** Receives the progress of a step while it runs. Called by several threads at once. */
public interface StepProgress {
    /** Work that takes a while and counts no rows begins, in a few words: {@code loads gs://models/x}. */
    void stage(String step, String words);

    /** Rows written so far, earlier executions of the run included, of all that the step has. */
    void rows(String step, long done, long total);

    /** Other processes execute partitions: so many workers now, and the partitions that are not over. */
    void workers(String step, int workers, int partitions);

    /** Something failed that does not fail the run. */
    void warns(String message);

    /** A training makes progress. */
    void training(String step, TrainingProgress progress);

    /** A program printed a line. */
    void output(String step, String line);

    /** A program draws a line again, as a progress bar. */
    void progressBar(String step, String line);

    /** Something worth a line of its own: what a step found, made or decided. */
    void result(String step, Facts facts);
}
