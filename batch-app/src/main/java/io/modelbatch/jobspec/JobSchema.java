package io.modelbatch.jobspec;

import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of job files, by which editors complete and check them. */
public final class JobSchema {
    private static final String REFERENCE = "\\$\\{";
    private static final String WHOLE_REFERENCE = "^\\$\\{" + Parameters.NAME + "\\}$";
    private static final String UNESCAPED_REFERENCE = "(^|[^$])\\$\\{";
    private static final String UNESCAPED_RESULT = UNESCAPED_REFERENCE + "steps\\.";

    private JobSchema() {}

    /** The schema of job files with steps of these types, draft 2020-12, as indented JSON. */
    public static String json(StepTypes types) {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(schema(types)) + "\n";
    }

    private static ObjectNode schema(StepTypes steps) {
        ObjectNode schema = JsonNodeFactory.instance
                .objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Modelbatch job");
        List<Component> keys = Component.of(JobDocument.class);
        ObjectNode job = new OptionsJsonSchema(pattern -> pattern, Optional.empty()).group(keys);
        property(job, "parameters", parameters());
        property(job, "steps", steps(steps));
        return schema.setAll(job);
    }

    /** Replaces what the record could not say of a key; its description stays. */
    private static void property(ObjectNode group, String key, ObjectNode schema) {
        JsonNode description = group.at("/properties/" + key + "/description");
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        described.set("description", description);
        ((ObjectNode) group.get("properties")).set(key, described.setAll(schema));
    }

    private static ObjectNode parameters() {
        ObjectNode declaration = new OptionsJsonSchema(pattern -> pattern, Optional.empty())
                .group(Component.of(ParameterDeclaration.class));
        // YAML has a number, a boolean or a text where the file has a default.
        ObjectNode anyScalar = JsonNodeFactory.instance.objectNode();
        anyScalar.putArray("type").add("string").add("number").add("boolean");
        property(declaration, "default", anyScalar);
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.putArray("type").add("object").add("null");
        parameters.putObject("propertyNames").put("pattern", "^" + Parameters.NAME + "$");
        parameters.set("additionalProperties", declaration);
        return parameters;
    }

    private static ObjectNode steps(StepTypes all) {
        ObjectNode step = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode types = step.putObject("properties");
        all.all().forEach(type -> types.set(type.key(), options(type)));
        step.put("additionalProperties", false).put("minProperties", 1).put("maxProperties", 1);
        ObjectNode steps =
                JsonNodeFactory.instance.objectNode().put("type", "array").put("minItems", 1);
        steps.set("items", step);
        return steps;
    }

    private static ObjectNode options(StepType<?> type) {
        ObjectNode options = new OptionsJsonSchema(pattern -> pattern + "|" + REFERENCE, Optional.of(WHOLE_REFERENCE))
                .group(Component.of(type.options()));
        ObjectNode name =
                new OptionsJsonSchema(pattern -> pattern, Optional.empty()).group(Component.of(StepName.class));
        ((ObjectNode) options.get("properties")).setAll((ObjectNode) name.get("properties"));
        refuse(options, type.queries(), UNESCAPED_REFERENCE);
        refuse(options, type.knownAtStart(), UNESCAPED_RESULT);
        return options.put("description", type.description() + results(type));
    }

    /** The values that later steps may name, as an editor shows them. */
    private static String results(StepType<?> type) {
        return type.results().isEmpty()
                ? ""
                : type.results().stream()
                        .map(result -> "${steps.NAME." + result.name() + "} (" + result.meaning() + ")")
                        .collect(Collectors.joining(", ", ". Texts of later steps may have: ", ""));
    }

    private static void refuse(ObjectNode options, Set<String> keys, String pattern) {
        options.get("properties").properties().stream()
                .filter(property -> keys.contains(property.getKey()))
                .forEach(property ->
                        ((ObjectNode) property.getValue()).putObject("not").put("pattern", pattern));
    }
}
