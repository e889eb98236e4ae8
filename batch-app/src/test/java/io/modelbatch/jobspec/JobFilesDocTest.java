package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/job-files.md against the schema: every key, its default and its limits are there, and no others. */
class JobFilesDocTest {
    private static final String DOC = read();
    private static final JsonNode SCHEMA = JsonMapper.shared().readTree(JobSchema.json(BuiltInStepTypes.all()));
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SECTION = Pattern.compile("^##+ (.*)\n((?:(?!##).*\n)*)", Pattern.MULTILINE);
    private static final String SOME_STEP = "steps: [{ extract: { query: SELECT 1, key: k } }]\n";

    /** A row of a table of keys. */
    private record DocRow(String ofDefault, String allowed) {}

    static Stream<String> sections() {
        return sectionsOfKeys().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void hasEveryKey(String section) {
        Map<String, JsonNode> keys = sectionsOfKeys().get(section);

        assertThat(rows(section).keySet()).as(section).containsExactlyElementsOf(keys.keySet());
    }

    @ParameterizedTest
    @MethodSource("sections")
    void hasEveryDefault(String section) {
        rows(section).forEach((key, row) -> {
            JsonNode value = key(section, key).path("default");
            List<String> marked = marked(row.ofDefault());

            assertThat(marked)
                    .as(section + ": default of " + key)
                    .hasSize(value.isMissingNode() ? 0 : 1)
                    .allMatch(text -> isSame(value, text), "the schema's, " + value);
        });
    }

    @ParameterizedTest
    @MethodSource("sections")
    void saysWhatIsRequired(String section) {
        rows(section)
                .forEach((key, row) -> assertThat(row.ofDefault().startsWith("required"))
                        .as(section + ": whether " + key + " is required")
                        .isEqualTo(isRequired(section, key)));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void hasEveryLimitAndName(String section) {
        rows(section).forEach((key, row) -> {
            for (JsonNode limit : limits(key(section, key))) {
                assertThat(marked(row.allowed()))
                        .as(section + ": what is allowed for " + key)
                        .anyMatch(text -> isSame(limit, text), limit.toString());
            }
        });
    }

    static Stream<String> examples() {
        return EXAMPLE.matcher(DOC).results().map(result -> result.group(1));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void hasExamplesThatAreRight(String yaml) {
        String job = yaml.startsWith("- ") ? "steps:\n" + yaml : yaml.contains("steps:") ? yaml : yaml + SOME_STEP;

        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JobSchema.json(BuiltInStepTypes.all()))
                        .validate(job, InputFormat.YAML))
                .isEmpty();
    }

    @Test
    void hasAnExampleOfEveryStep() {
        assertThat(examples().toList())
                .anyMatch(example -> example.startsWith("- extract:"))
                .hasSizeGreaterThan(BuiltInStepTypes.all().all().size());
        for (String type : BuiltInStepTypes.all().keys()) {
            assertThat(section(type)).as(type).contains("```yaml\n- " + type + ":");
        }
    }

    @Test
    void hasEveryResultOfEveryType() {
        List<String> documented = new ArrayList<>();
        String type = "";
        for (String line : section("Results of earlier steps").lines().toList()) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 5 && cells[2].contains("`")) {
                type = cells[1].isBlank() ? type : cells[1].strip().replace("`", "");
                documented.add(type + " " + cells[2].strip().replace("`", "") + ": "
                        + cells[3].strip().replaceFirst("; only with .*", ""));
            }
        }

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(BuiltInStepTypes.all().all().stream()
                        .flatMap(all -> all.results().stream()
                                .map(result -> all.key() + " " + result.name() + ": " + result.meaning()))
                        .toList());
    }

    /** The headings of the document, and the keys that belong there. */
    private static Map<String, Map<String, JsonNode>> sectionsOfKeys() {
        Map<String, Map<String, JsonNode>> sections = new LinkedHashMap<>();
        sections.put("The job", keys("", SCHEMA));
        SCHEMA.at("/properties/steps/items/properties")
                .properties()
                .forEach(type -> sections.put(type.getKey(), keys("", type.getValue())));
        sections.put("Parameters", keys("", SCHEMA.at("/properties/parameters/additionalProperties")));
        return sections;
    }

    private static Map<String, JsonNode> keys(String group, JsonNode schema) {
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(property -> {
            String key = group + property.getKey();
            keys.put(key, property.getValue());
            keys.putAll(keys(key + ".", property.getValue()));
        });
        return keys;
    }

    private static JsonNode key(String section, String key) {
        return Optional.ofNullable(sectionsOfKeys().get(section).get(key)).orElseThrow();
    }

    private static boolean isRequired(String section, String key) {
        JsonNode top = section.equals("The job")
                ? SCHEMA
                : section.equals("Parameters")
                        ? SCHEMA.at("/properties/parameters/additionalProperties")
                        : SCHEMA.at("/properties/steps/items/properties/" + section);
        int dot = key.lastIndexOf('.');
        JsonNode group = dot < 0 ? top : key(section, key.substring(0, dot));
        return group.path("required")
                .valueStream()
                .anyMatch(name -> name.stringValue().equals(key.substring(dot + 1)));
    }

    private static List<JsonNode> limits(JsonNode schema) {
        List<JsonNode> limits = new ArrayList<>();
        for (String limit : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")) {
            Optional.ofNullable(schema.get(limit)).ifPresent(limits::add);
        }
        schema.path("enum").forEach(limits::add);
        return limits;
    }

    private static boolean isSame(JsonNode value, String text) {
        return value.isNumber()
                ? value.decimalValue().compareTo(new BigDecimal(text)) == 0
                : value.asString().equals(text);
    }

    /** The table of keys of a section: the first column, in the order of the document. */
    private static Map<String, DocRow> rows(String section) {
        Map<String, DocRow> rows = new LinkedHashMap<>();
        section(section)
                .lines()
                .dropWhile(line -> !line.startsWith("| key |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1))
                .forEach(cells ->
                        rows.put(cells[1].strip().replace("`", ""), new DocRow(cells[3].strip(), cells[4].strip())));
        return rows;
    }

    private static String section(String heading) {
        return SECTION.matcher(DOC)
                .results()
                .filter(section -> section.group(1).equals(heading))
                .map(section -> section.group(2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/job-files.md has no section '" + heading + "'"));
    }

    private static List<String> marked(String cell) {
        return Pattern.compile("`([^`]*)`")
                .matcher(cell)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/job-files.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
