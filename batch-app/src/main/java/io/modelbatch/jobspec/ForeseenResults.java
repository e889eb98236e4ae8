package io.modelbatch.jobspec;

import io.modelbatch.extension.ResultReference;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The results that are known before a run, as values of options. Checks use them. */
public record ForeseenResults(StepTypes types, List<StepSpec> steps) implements ResultValues {
    /** Keeps its own copy. */
    public ForeseenResults {
        steps = List.copyOf(steps);
    }

    @Override
    public Optional<Object> find(ResultReference reference) {
        return steps.stream()
                .filter(step -> step.name().equals(reference.step()))
                .findFirst()
                .flatMap(step -> option(step, reference.value()));
    }

    private Optional<Object> option(StepSpec step, String value) {
        Map<String, String> texts = new HashMap<>();
        Component.settings("", step.options(), texts);
        return types.find(step.type()).stream()
                .flatMap(type -> type.results().stream())
                .filter(result -> result.name().equals(value))
                .flatMap(result -> result.option().stream())
                .flatMap(option -> Optional.ofNullable(texts.get(option)).stream())
                .filter(text -> step.references().stream()
                        .map(ResultReference::toString)
                        .noneMatch(text::contains))
                .<Object>map(text -> text)
                .findFirst();
    }
}
