package io.modelbatch.step.infer;

import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.ResultStepType;
import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.TransformType;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.warehouse.ExtractOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code infer}: a model's answer to every row. */
public final class InferStepType implements ResultStepType<InferOptions> {
    static final String KEY = "infer";
    /** No column of a table may begin so; a table loaded by the day has a column of its own that does. */
    private static final Pattern RESERVED = Pattern.compile(
            "_PARTITION|_TABLE_|_FILE_|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER", Pattern.CASE_INSENSITIVE);

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<InferOptions> options() {
        return InferOptions.class;
    }

    @Override
    public String description() {
        return "a model's answer to every row";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of("extract");
    }

    @Override
    public boolean takesRowsOf(StepType<?> earlier) {
        return earlier.options() == ExtractOptions.class || earlier instanceof TransformType<?>;
    }

    @Override
    public ResultOptions result(InferOptions options) {
        return options.result();
    }

    @Override
    public List<String> resultColumns(InferOptions options) {
        return options.answerColumns();
    }

    @Override
    public List<ColumnUse> reads(InferOptions options) {
        return Stream.of(use("text", options.text()), use("text-pair", options.textPair()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<ColumnUse> use(String option, @Nullable String column) {
        return Optional.ofNullable(column).map(name -> new ColumnUse(option, name));
    }

    @Override
    public List<StepProblem> problems(StepDraft<InferOptions> draft) {
        List<StepProblem> problems = new ArrayList<>();
        draft.options().contradictions().forEach((key, why) -> problems.add(draft.problem(key, why)));
        draft.nearest(ExtractOptions.class)
                .flatMap(extract -> key(draft, extract))
                .ifPresent(problems::add);
        return problems;
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                StepResult.ofOption("uri", "to", "folder of the result"),
                new StepResult("rows", "rows of the result"),
                new StepResult("rejected", "rows that were set aside"),
                new StepResult("model", "address of the model, with its version"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("to", "text", "text-pair");
    }

    @Override
    public StepFactory<InferOptions> factory(StepServices services) {
        return new InferSteps(
                services.get(InferServices.class),
                services.get(PartitionHandlers.class),
                services.get(StepPreviews.class));
    }

    /** The key is a column of each result, beside the answers; warehouses do not tell names apart by case. */
    private static Optional<StepProblem> key(StepDraft<InferOptions> draft, StepSpec extract) {
        String key = ((ExtractOptions) extract.options()).key();
        List<String> answers = draft.options().answerColumns();
        if (draft.options().redact() != null && draft.options().text().equalsIgnoreCase(key)) {
            return Optional.of(keyOf(
                    extract,
                    "is '" + key + "', the text that the step in line "
                            + draft.step().line() + " redacts: each row of the result would have it as its key"));
        }
        if (RESERVED.matcher(key).lookingAt()) {
            return Optional.of(keyOf(
                    extract,
                    "is '" + key + "', a name that BigQuery reserves; rename it in the query: SELECT " + key
                            + " AS day, …, and write key: day"));
        }
        return answers.stream().anyMatch(key::equalsIgnoreCase)
                ? Optional.of(keyOf(
                        extract,
                        "is '" + key + "', and the answers of the step in line "
                                + draft.step().line() + " have columns of their own (" + String.join(", ", answers)
                                + "); rename it in the query: SELECT " + key + " AS " + key + "_key, …, and write key: "
                                + key + "_key"))
                : Optional.empty();
    }

    private static StepProblem keyOf(StepSpec extract, String message) {
        return new StepProblem(extract, Optional.of("key"), message);
    }
}
