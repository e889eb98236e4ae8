package io.modelbatch.launch;

import io.modelbatch.facts.Answered;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Facts;
import io.modelbatch.step.RunHistory;
import io.modelbatch.step.rows.RejectSamples;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The facts of steps as a report shows them: with texts of rows, or without any. */
record SampledFacts(RunHistory history, RejectSamples rejects) {
    private static final Logger log = LoggerFactory.getLogger(SampledFacts.class);

    /** Without texts of rows. */
    Map<String, Facts> without(long run) {
        Map<String, Facts> facts = new LinkedHashMap<>(history.facts(run));
        facts.replaceAll((step, its) -> its instanceof Evaluated evaluated ? evaluated.withoutTexts() : its);
        return facts;
    }

    /** With the first rejected rows of each reason. */
    Map<String, Facts> with(long run) {
        Map<String, Facts> facts = new LinkedHashMap<>(history.facts(run));
        facts.replaceAll((step, its) ->
                its instanceof Answered answered && answered.rejected() != null ? sampled(run, step, answered) : its);
        return facts;
    }

    private Answered sampled(long run, String step, Answered answered) {
        try {
            return answered.with(rejects.of(run, step, ObjectUri.parse(answered.to()), answered.rejectReasons()));
        } catch (IOException e) {
            log.warn("The rejects of {} in {} cannot be read", step, answered.to(), e);
            return answered;
        }
    }
}
