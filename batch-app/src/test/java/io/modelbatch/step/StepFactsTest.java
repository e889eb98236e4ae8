package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepType;
import io.modelbatch.facts.Answered;
import io.modelbatch.facts.AnsweredSoFar;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Executed;
import io.modelbatch.facts.Extracted;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.Histogram;
import io.modelbatch.facts.Loaded;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.NotebookExecuted;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.facts.Published;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.facts.Trained;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.facts.Transferred;
import io.modelbatch.facts.Transformed;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.launch.BuiltInStepTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;

/** The JSON of all facts: reports and scripts of users depend on each key. */
class StepFactsTest {
    private static final UsedModel MODEL = new UsedModel("gs://m/x/1", "ab");

    static Stream<Map.Entry<Facts, String>> facts() {
        return Stream.of(
                Map.entry(new Extracted(3, 1, null), "{'rows':3,'partitions':1}"),
                Map.entry(new Extracted(3, 1, 10L), "{'rows':3,'partitions':1,'bytes':10}"),
                Map.entry(
                        new Answered(
                                2,
                                1,
                                "gs://b/r",
                                1L,
                                "gs://b/r/rejects",
                                MODEL,
                                "int8",
                                "slow",
                                new Answered.DtypeTrial("int8", 2, 1.5, 1, 0.01),
                                9,
                                1.2,
                                1,
                                1L,
                                new Answered.Seconds(1, 2, 3, 4),
                                "cpu",
                                new Distributions(
                                        Map.of("a", 1L),
                                        2L,
                                        new Histogram(List.of(0.0, 1.0), List.of(1L)),
                                        new Histogram(List.of(0.0, 4.0), List.of(1L))),
                                List.of(new RejectReason(
                                        "it has no text",
                                        1,
                                        List.of(new RejectReason.Sample("7", Map.of("text", "")))))),
                        "{'rows':2,'shards':1,'to':'gs://b/r','rejected':1,'rejects':'gs://b/r/rejects',"
                                + "'used-model':{'address':'gs://m/x/1','sha256':'ab'},'dtype':'int8','dtype-warning':'slow',"
                                + "'dtype-trial':{'tried':'int8','rows':2,'speedup':1.5,'same-labels':1.0,'difference':0.01},"
                                + "'tokens':9,'padding':1.2,'batches':1,'truncated':1,"
                                + "'seconds':{'computing':1.0,'waiting-for-rows':2.0,'waiting-for-the-model':3.0,'writing':4.0},'device':'cpu',"
                                + "'distributions':{'labels':{'a':1},'other-labels':2,'scores':{'edges':[0.0,1.0],'counts':[1]},"
                                + "'lengths':{'edges':[0.0,4.0],'counts':[1]}},"
                                + "'reject-reasons':[{'reason':'it has no text','rows':1,'samples':[{'key':'7','row':{'text':''}}]}]}"),
                Map.entry(
                        new AnsweredSoFar(
                                MODEL,
                                "gs://b/r/rejects",
                                9,
                                1.2,
                                1,
                                1L,
                                new Answered.Seconds(1, 2, 3, 4),
                                null,
                                List.of(new RejectReason("it has no text", 1, List.of()))),
                        "{'used-model':{'address':'gs://m/x/1','sha256':'ab'},'rejects':'gs://b/r/rejects',"
                                + "'tokens':9,'padding':1.2,'batches':1,'truncated':1,"
                                + "'seconds':{'computing':1.0,'waiting-for-rows':2.0,'waiting-for-the-model':3.0,'writing':4.0},"
                                + "'reject-reasons':[{'reason':'it has no text','rows':1,'samples':[]}]}"),
                Map.entry(
                        new TrainingProgress(5, 10, 0.5, 1, Map.of()),
                        "{'training-step':5,'training-steps':10,'loss':0.5,'epoch':1}"),
                Map.entry(
                        new Trained(
                                MODEL,
                                1,
                                10,
                                0.5,
                                Map.of("accuracy", 0.9),
                                List.of(new Trained.Epoch(1, 0.5, Map.of("accuracy", 0.9))),
                                "gs://m/x/2",
                                List.of(new Trained.Point(10, 0.5, 0.001)),
                                "cpu"),
                        "{'used-model':{'address':'gs://m/x/1','sha256':'ab'},'epochs':1,'training-steps':10,'loss':0.5,"
                                + "'accuracy':0.9,'history':[{'epoch':1,'loss':0.5,'accuracy':0.9}],'uri':'gs://m/x/2',"
                                + "'curve':[{'step':10,'loss':0.5,'learning-rate':0.001}],'device':'cpu'}"),
                Map.entry(
                        new Evaluated(
                                2,
                                0.5,
                                0.5,
                                0.25,
                                0.4,
                                List.of("a", "b"),
                                List.of(List.of(1L, 0L), List.of(1L, 0L)),
                                List.of(new Evaluated.CalibrationBin(0.9, 1, 2, 0.95, 0.5)),
                                0.45,
                                List.of(new Evaluated.Mistake("7", null, "b", "a", 0.95))),
                        "{'rows':2,'accuracy':0.5,'majority-class':0.5,'bag-of-words':0.25,'f1-macro':0.4,"
                                + "'labels':['a','b'],'confusion':[[1,0],[1,0]],"
                                + "'calibration':[{'from':0.9,'to':1.0,'rows':2,'confidence':0.95,'accuracy':0.5}],"
                                + "'expected-calibration-error':0.45,"
                                + "'mistakes':[{'key':'7','label':'b','answer':'a','score':0.95}]}"),
                Map.entry(new ModelOpened(MODEL), "{'used-model':{'address':'gs://m/x/1','sha256':'ab'}}"),
                Map.entry(new Published("gs://m/x/1", "1"), "{'model':'gs://m/x/1','latest':'1'}"),
                Map.entry(
                        new Loaded(2, "a.b", "20260101", 9),
                        "{'rows':2,'table':'a.b','partition':'20260101','table-rows':9}"),
                Map.entry(new Transferred(1, 2, "gs://b/x"), "{'files':1,'bytes':2,'to':'gs://b/x'}"),
                Map.entry(
                        new Transformed(5, 3, 1, "gs://b/x", 1L, "gs://b/x/rejects"),
                        "{'rows':5,'input-rows':3,'shards':1,'to':'gs://b/x','rejected':1,'rejects':'gs://b/x/rejects'}"),
                Map.entry(
                        new Executed(0, 2, 1.5, 10L, 1, 2, "gs://b/x", "gs://b/output.log"),
                        "{'exit-code':0,'attempts':2,'program-seconds':1.5,'peak-memory':10,'files':1,'bytes':2,"
                                + "'uri':'gs://b/x','output':'gs://b/output.log'}"),
                Map.entry(
                        new NotebookExecuted(
                                new Executed(3, 1, 1.5, null, 0, 0, null, null),
                                4,
                                2,
                                new NotebookExecuted.FailedCell(3, 2, "ValueError: x", "f(x)"),
                                "gs://b/x.ipynb",
                                "gs://b/x.html"),
                        "{'program':{'exit-code':3,'attempts':1,'program-seconds':1.5,'files':0,'bytes':0},'cells':4,'completed':2,"
                                + "'cell':{'number':3,'execution-count':2,'error':'ValueError: x','line':'f(x)'},"
                                + "'notebook':'gs://b/x.ipynb','html':'gs://b/x.html'}"),
                Map.entry(
                        new Transformed(3, 4, 1, "gs://b/x", 1L, "gs://b/x/rejects"),
                        "{'rows':3,'input-rows':4,'shards':1,'to':'gs://b/x','rejected':1,'rejects':'gs://b/x/rejects'}"),
                Map.entry(new OwnFacts(Map.of("pages", List.of(1, 2))), "{'pages':[1,2]}"));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void areKeptUnderTheSameKeysAndReadBack(Map.Entry<Facts, String> facts) {
        StepExecution step = step();

        StepFacts.put(step, facts.getKey());

        assertThat(step.getExecutionContext().getString("figures").replace('"', '\''))
                .isEqualTo(facts.getValue());
        assertThat(StepFacts.of(step)).contains(facts.getKey());
    }

    @Test
    void everyTypeOfFactsIsAmongThem() {
        assertThat(facts().map(entry -> entry.getKey().getClass().getSimpleName()))
                .containsAll(Arrays.stream(Facts.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
    }

    /** A notebook and a program that uploaded nothing leave no address. */
    @ParameterizedTest
    @CsvSource({
        "extract, Extracted",
        "infer, Answered",
        "load, Loaded",
        "train, Trained",
        "evaluate, Evaluated",
        "publish, Published",
        "upload, Transferred",
        "download, Transferred",
        "command, Executed",
        "notebook, NotebookExecuted"
    })
    void haveTheResultsThatTheTypeOfTheStepNames(String type, String name) {
        Facts left = facts().map(Map.Entry::getKey)
                .filter(facts -> facts.getClass().getSimpleName().equals(name))
                .findFirst()
                .orElseThrow();
        Set<String> named = BuiltInStepTypes.all().find(type).orElseThrow().results().stream()
                .filter(result ->
                        !name.equals("NotebookExecuted") || result.option().isEmpty())
                .map(StepResult::name)
                .collect(Collectors.toSet());

        assertThat(left.results().keySet()).isEqualTo(named);
    }

    @Test
    void everyTypeOfStepIsAmongThose() {
        assertThat(BuiltInStepTypes.all().all().stream()
                        .filter(type -> !type.results().isEmpty())
                        .map(StepType::key))
                .hasSize(10);
    }

    /** A run that an earlier version began may be resumed and reported by this one. */
    @Test
    void thoseOfAnEarlierVersionKeepTheirKeys() {
        StepExecution step = step();
        step.getExecutionContext().putString("figures", "{\"rows\":3,\"seconds\":{\"writing\":1.5}}");

        assertThat(StepFacts.of(step)).contains(new OwnFacts(Map.of("rows", 3, "seconds", Map.of("writing", 1.5))));
        assertThat(StepFacts.of(step())).isEmpty();
    }

    /** Components that a later version adds are empty in the facts of a run that an earlier one began. */
    @Test
    void whatAnEarlierVersionDidNotKnowIsEmpty() {
        StepExecution step = step();
        step.getExecutionContext()
                .putString(
                        "figures",
                        "{\"rows\":3,\"labels\":[\"a\"],\"confusion\":[[3]],\"accuracy\":1.0,"
                                + "\"majority-class\":1.0,\"bag-of-words\":1.0,\"f1-macro\":1.0}");
        step.getExecutionContext().putString("figures.type", "Evaluated");

        assertThat(StepFacts.of(step))
                .contains(new Evaluated(3, 1, 1, 1, 1, List.of("a"), List.of(List.of(3L)), List.of(), null, List.of()));
    }

    private static StepExecution step() {
        return new StepExecution(1, "step", new JobExecution(1, new JobInstance(1, "job"), new JobParameters()));
    }
}
