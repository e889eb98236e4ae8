package io.modelbatch.extension;

import com.google.common.collect.Iterables;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.warehouse.ExtractOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The problems that steps of any type can have with the result of an earlier step, or with their own. */
record ResultProblems(StepTypes types, StepDraft<?> draft) {
    private static final String UNKNOWN_YET = "${";

    List<StepProblem> all() {
        List<StepProblem> problems = new ArrayList<>();
        types.result(draft.step()).flatMap(this::sameFolder).ifPresent(problems::add);
        if (isTransform()) {
            sameColumns(types.resultColumns(draft.step())).ifPresent(problems::add);
        }
        types.source(draft.earlier(), draft.step()).ifPresent(source -> problems.addAll(unreadable(source)));
        return problems;
    }

    private boolean isTransform() {
        return types.find(draft.step().type())
                .filter(TransformType.class::isInstance)
                .isPresent();
    }

    /** A result is a folder: of two in one place the second would replace the first. */
    private Optional<StepProblem> sameFolder(ResultOptions own) {
        String folder = folder(own);
        return draft.earlier().stream()
                .filter(step -> types.result(step).map(ResultProblems::folder).equals(Optional.of(folder)))
                .findFirst()
                .map(first -> draft.problem("writes to " + folder + ", like the step in line " + first.line()
                        + ", and would replace its result; give it another 'to'"));
    }

    private static String folder(ResultOptions options) {
        return options.to().replaceFirst("/$", "");
    }

    private Optional<StepProblem> sameColumns(List<String> columns) {
        Optional<String> key = key();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (key.filter(name::equalsIgnoreCase).isPresent()) {
                return Optional.of(draft.problem("has a column '" + name
                        + "', like the key of the rows, which is a column beside it; give the key another name in the query"
                        + " of the extract"));
            }
            if (Iterables.any(columns.subList(0, i), name::equalsIgnoreCase)) {
                return Optional.of(draft.problem("has two columns '" + name + "'; give one of them another name"));
            }
        }
        return Optional.empty();
    }

    private Optional<String> key() {
        return draft.nearest(ExtractOptions.class).map(extract -> ((ExtractOptions) extract.options()).key());
    }

    private List<StepProblem> unreadable(StepSpec source) {
        List<StepProblem> problems = new ArrayList<>();
        List<ColumnUse> uses = types.reads(draft.step());
        Optional<ResultOptions> result = types.result(source);
        if (result.isEmpty() || types.result(draft.step()).isEmpty()) {
            return problems;
        }
        if (result.get().format() != ResultOptions.Format.PARQUET) {
            problems.add(new StepProblem(
                    source,
                    Optional.of("format"),
                    "must be parquet, for the step in line " + draft.step().line() + " works on its rows"));
        }
        List<String> columns = new ArrayList<>(key().stream().toList());
        columns.addAll(types.resultColumns(source));
        for (ColumnUse use : uses) {
            if (!columns.contains(use.column()) && !use.column().contains(UNKNOWN_YET)) {
                problems.add(draft.problem(
                        use.option(),
                        "is '" + use.column() + "', a column that the rows of '" + source.name() + "' in line "
                                + source.line() + " lack; they have " + String.join(", ", columns)));
            }
        }
        return problems;
    }
}
