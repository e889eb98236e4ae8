package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.base.PrintableText;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlMapping;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the parameters that a job declares, and the values that a run is given for them. */
final class Parameters {
    /** The names that BigQuery accepts after {@code @}, without capitals. */
    static final String NAME = "[a-z][a-z0-9_]{0,59}";

    private static final Set<String> TAKEN = Set.of("job", "again", "accept-changes", "wait");

    private Parameters() {}

    /** The declarations that have no problem. */
    static Map<String, ParameterDeclaration> declared(YamlMapping entries, Binder binder, Problems problems) {
        Map<String, ParameterDeclaration> declared = new LinkedHashMap<>();
        entries.byKey().forEach((name, place) -> {
            if (!name.matches(NAME)) {
                problems.add(
                        place.start(),
                        place.path(),
                        "must be named with a-z, 0-9 and _, starting with a letter, at most 60 characters");
            } else if (TAKEN.contains(name)) {
                problems.add(
                        place.start(),
                        place.path(),
                        "needs another name; " + name + "=… is reserved on the command line");
            }
            YamlMapping keys = new YamlMapping(place, Component.keysOf(ParameterDeclaration.class), problems);
            keys.refuseOthers(Component.keysOf(ParameterDeclaration.class));
            binder.bind(ParameterDeclaration.class, keys).ifPresent(declaration -> {
                checkDefault(declaration, keys, problems);
                declared.put(name, declaration);
            });
        });
        return Collections.unmodifiableMap(declared);
    }

    private static void checkDefault(ParameterDeclaration declaration, YamlMapping keys, Problems problems) {
        String text = declaration.defaultText();
        if (text != null && declaration.type().value(text, LocalDate.EPOCH).isEmpty()) {
            keys.find("default")
                    .ifPresent(place ->
                            problems.add(place.node().getStartMark(), place.path(), unfit(declaration.type(), text)));
        }
    }

    /** A value for each parameter that was given one or has a default. */
    static Map<String, ParameterValue> resolved(
            Map<String, ParameterDeclaration> declared, Map<String, String> given, LocalDate today, Problems problems) {
        given.keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .forEach(name -> problems.addWithoutLine(PrintableText.line(name), unknown(name, declared.keySet())));
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        declared.forEach((name, declaration) -> {
            String text = given.getOrDefault(name, declaration.defaultText());
            if (text == null) {
                problems.addWithoutLine(name, missing(name, declaration));
                return;
            }
            Optional<ParameterValue> value = declaration.type().value(text, today);
            value.ifPresentOrElse(
                    known -> values.put(name, known),
                    () -> problems.addWithoutLine(name, unfit(declaration.type(), text)));
        });
        return values;
    }

    private static String unfit(ParameterType type, String text) {
        return "must be " + type.wanted() + ", not '" + PrintableText.line(text) + "'";
    }

    private static String unknown(String name, Set<String> names) {
        String known = names.isEmpty() ? "the job has none" : "the job has: " + String.join(", ", names);
        return "no such parameter" + NearestName.hint(name, names, known);
    }

    private static String missing(String name, ParameterDeclaration declaration) {
        String purpose = declaration.description() == null ? "" : " (" + declaration.description() + ")";
        return "is missing; give " + name + "=…, " + declaration.type().wanted() + purpose;
    }
}
