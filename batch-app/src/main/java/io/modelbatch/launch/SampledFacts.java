package io.modelbatch.launch;

import io.modelbatch.facts.AnswersOfRows;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.step.RunHistory;
import io.modelbatch.step.infer.CommittedAnswers;
import io.modelbatch.step.rows.RejectSamples;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The facts of steps as a report shows them, with texts of rows or without any. A step that is not complete has left few; what its partitions
 * have committed is among them here.
 */
record SampledFacts(RunHistory history, RejectSamples rejects, CommittedAnswers committed) {
    private static final Logger log = LoggerFactory.getLogger(SampledFacts.class);

    /** Without texts of rows. */
    Map<String, Facts> without(long run) {
        Map<String, Facts> facts = facts(run);
        facts.replaceAll((step, its) -> its instanceof Evaluated evaluated ? evaluated.withoutTexts() : its);
        return facts;
    }

    /** With the first rejected rows of each reason. */
    Map<String, Facts> with(long run) {
        Map<String, Facts> facts = facts(run);
        facts.replaceAll((step, its) -> its instanceof AnswersOfRows answers && answers.rejects() != null
                ? answers.with(samples(run, step, answers.rejects(), answers.rejectReasons()))
                : its);
        return facts;
    }

    private Map<String, Facts> facts(long run) {
        Map<String, Facts> facts = new LinkedHashMap<>(history.facts(run));
        facts.replaceAll((step, its) -> its instanceof ModelOpened opened ? soFar(run, step, opened) : its);
        return facts;
    }

    /** A report says less where an earlier version committed something else. */
    private Facts soFar(long run, String step, ModelOpened opened) {
        try {
            return committed.of(run, step, opened).<Facts>map(its -> its).orElse(opened);
        } catch (JacksonException e) {
            log.warn("What {} has committed cannot be read", step, e);
            return opened;
        }
    }

    private List<RejectReason> samples(long run, String step, String folder, List<RejectReason> reasons) {
        try {
            return rejects.of(run, step, ObjectUri.parse(folder), reasons);
        } catch (IOException e) {
            log.warn("The rejects of {} in {} cannot be read", step, folder, e);
            return reasons;
        }
    }
}
