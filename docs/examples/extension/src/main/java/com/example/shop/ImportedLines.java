package com.example.shop;

import io.modelbatch.extension.StepBuilders;
import io.modelbatch.facts.OwnFacts;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.ItemWriteListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.skip.SkipPolicy;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.file.FlatFileParseException;

/**
 * Counts the lines that are imported and those that are left out, in all executions of a run: the counts are committed with each chunk, as
 * the position of the reader is.
 */
final class ImportedLines implements SkipPolicy, ItemStream, ItemWriteListener<Price>, StepExecutionListener {
    private static final String IMPORTED = "lines.imported";
    private static final String BAD = "lines.bad";

    private final StepBuilders builders;
    private final long mostBad;
    private long imported;
    private long bad;

    ImportedLines(StepBuilders builders, long mostBad) {
        this.builders = builders;
        this.mostBad = mostBad;
    }

    @Override
    public void open(ExecutionContext committed) {
        imported = committed.getLong(IMPORTED, 0);
        bad = committed.getLong(BAD, 0);
    }

    @Override
    public boolean shouldSkip(Throwable failure, long skippedInThisExecution) {
        if (!(failure instanceof FlatFileParseException) || bad >= mostBad) {
            return false;
        }
        bad++;
        return true;
    }

    @Override
    public void afterWrite(Chunk<? extends Price> prices) {
        imported += prices.size();
    }

    @Override
    public void update(ExecutionContext toCommit) {
        toCommit.putLong(IMPORTED, imported);
        toCommit.putLong(BAD, bad);
    }

    /** Shows the counts in the terminal and in the report. */
    @Override
    public ExitStatus afterStep(StepExecution execution) {
        builders.result(execution, new OwnFacts(new TreeMap<>(Map.of("imported", imported, "bad-lines", bad))));
        return execution.getExitStatus();
    }
}
