package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelbatch.facts.Answered;
import io.modelbatch.facts.AnsweredSoFar;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Executed;
import io.modelbatch.facts.Extracted;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.Loaded;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.NotebookExecuted;
import io.modelbatch.facts.Published;
import io.modelbatch.facts.Trained;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.facts.Transferred;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of {@code report.json}, made of its records and their Javadoc. */
public final class ReportSchema {
    private static final String ID = "https://modelbatch.io/schemas/report-" + RunReport.VERSION + ".json";
    private static final Path SOURCES = Path.of("src/main/java");
    /** The facts that the steps of a type may leave; those of other types are free. */
    private static final Map<String, List<Class<? extends Facts>>> FACTS = factsByType();

    private static final Schema STRICT = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(new ReportSchema(Keys.CLOSED).schema().toString());

    private final Keys keys;
    private final ObjectNode definitions = JsonNodeFactory.instance.objectNode();

    /** Keys that the records do not have. */
    enum Keys {
        /** A later version of the same schema may add some. */
        OPEN,
        /** There are none: what this version writes. */
        CLOSED
    }

    ReportSchema(Keys keys) {
        this.keys = keys;
    }

    private static Map<String, List<Class<? extends Facts>>> factsByType() {
        Map<String, List<Class<? extends Facts>>> types = new LinkedHashMap<>();
        types.put("extract", List.of(Extracted.class));
        types.put("infer", List.of(Answered.class, AnsweredSoFar.class, ModelOpened.class));
        types.put("load", List.of(Loaded.class));
        types.put("train", List.of(Trained.class, TrainingProgress.class, ModelOpened.class));
        types.put("evaluate", List.of(Evaluated.class));
        types.put("publish", List.of(Published.class));
        types.put("upload", List.of(Transferred.class));
        types.put("download", List.of(Transferred.class));
        types.put("command", List.of(Executed.class));
        types.put("notebook", List.of(NotebookExecuted.class));
        return types;
    }

    /** Fails if a report is not as the schema says, or has a key that the schema lacks. */
    public static void requireValid(byte[] report) {
        String json = new String(report, StandardCharsets.UTF_8);
        assertThat(STRICT.validate(json, InputFormat.JSON)).as(json).isEmpty();
    }

    /** The same for all reports below a folder. */
    public static void requireValid(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path report :
                    files.filter(file -> file.endsWith("report.json")).toList()) {
                requireValid(Files.readAllBytes(report));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is published. */
    static String text() {
        return JsonMapper.shared()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(new ReportSchema(Keys.OPEN).schema())
                + "\n";
    }

    private ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance
                .objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", ID)
                .put("title", "Modelbatch report")
                .put("$ref", reference(RunReport.class));
        figuresByType();
        schema.set("$defs", definitions);
        return schema;
    }

    private void figuresByType() {
        ObjectNode step = (ObjectNode) definitions.get(name(RunReport.Step.class));
        ArrayNode cases = step.putArray("allOf");
        FACTS.forEach((type, facts) -> {
            ObjectNode each = cases.addObject();
            each.putObject("if").putObject("properties").putObject("type").put("const", type);
            ObjectNode figures = each.putObject("then").putObject("properties").putObject("figures");
            ArrayNode one = figures.putArray("oneOf");
            facts.forEach(its -> one.addObject().put("$ref", reference(its)));
            one.addObject().put("description", "none").put("maxProperties", 0);
        });
    }

    private String reference(Class<?> type) {
        String name = name(type);
        if (!definitions.has(name)) {
            definitions.putObject(name); // it may contain itself
            definitions.set(name, object(type));
        }
        return "#/$defs/" + name;
    }

    private static String name(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
    }

    private ObjectNode object(Class<?> type) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("type", "object");
        Map<String, String> words = Javadoc.of(type);
        object.put("description", words.get(""));
        ObjectNode properties = object.putObject("properties");
        ArrayNode required = object.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonAnyGetter.class)) {
                object.putObject("additionalProperties").put("type", "number");
                continue;
            }
            String key = key(type, component);
            ObjectNode value = value(component.getAnnotatedType());
            value.put("description", Objects.requireNonNull(words.get(component.getName()), type + " " + key));
            properties.set(key, value);
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(key);
            }
        }
        if (keys == Keys.CLOSED && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        return object;
    }

    private static String key(Class<?> type, RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        if (named != null) {
            return named.value();
        }
        boolean dashes = Facts.class.isAssignableFrom(type) || type.isAnnotationPresent(JsonNaming.class);
        return dashes ? component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT) : component.getName();
    }

    private ObjectNode value(AnnotatedType type) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        Class<?> raw = (Class<?>)
                (type.getType() instanceof ParameterizedType generic ? generic.getRawType() : type.getType());
        boolean nullable = type.isAnnotationPresent(Nullable.class);
        if (raw == Facts.class) {
            return value.put("type", "object");
        } else if (raw == List.class || raw == Map.class) {
            AnnotatedType[] arguments = ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments();
            simple(value, raw == List.class ? "array" : "object", nullable);
            value.set(raw == List.class ? "items" : "additionalProperties", value(arguments[arguments.length - 1]));
            return value;
        } else if (raw.isRecord()) {
            if (nullable) {
                ArrayNode either = value.putArray("anyOf");
                either.addObject().put("$ref", reference(raw));
                either.addObject().put("type", "null");
                return value;
            }
            return value.put("$ref", reference(raw));
        } else if (raw == Instant.class) {
            return simple(value, "string", nullable).put("format", "date-time");
        } else if (raw == String.class) {
            return simple(value, "string", nullable);
        } else if (raw == double.class || raw == Double.class) {
            return simple(value, "number", nullable);
        } else if (raw == long.class || raw == Long.class || raw == int.class || raw == Integer.class) {
            return simple(value, "integer", nullable);
        }
        throw new IllegalStateException("no schema of " + raw);
    }

    private static ObjectNode simple(ObjectNode value, String type, boolean nullable) {
        if (nullable) {
            value.putArray("type").add(type).add("null");
            return value;
        }
        return value.put("type", type);
    }

    /** The Javadoc of a record: its first sentence under the empty name, and the words about each component. */
    private static final class Javadoc {
        private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.*?)(?=@param |@throws |$)");

        private Javadoc() {}

        static Map<String, String> of(Class<?> type) {
            Class<?> file = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
            String source = read(SOURCES.resolve(file.getName().replace('.', '/') + ".java"));
            Matcher declared = Pattern.compile(
                            "/\\*\\*((?:(?!\\*/).)*)\\*/(?:(?!\\*/|[;{}]).)*record " + type.getSimpleName() + "\\(",
                            Pattern.DOTALL)
                    .matcher(source);
            if (!declared.find()) {
                throw new IllegalStateException(type + " has no Javadoc");
            }
            String words = declared.group(1)
                    .replaceAll("\\s*\\n\\s*\\* ?", " ")
                    .replaceAll("\\{@\\w+ ([^{}]*)}", "$1")
                    .replaceAll("\\s+", " ")
                    .strip();
            Map<String, String> found = new LinkedHashMap<>();
            found.put("", words.replaceAll(" ?@param .*", ""));
            Matcher parameter = PARAMETER.matcher(words);
            while (parameter.find()) {
                found.put(parameter.group(1), parameter.group(2).strip());
            }
            return found;
        }

        private static String read(Path source) {
            try {
                return Files.readString(source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
