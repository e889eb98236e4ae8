package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata by which editors complete properties says what the code reads and the pages document. */
class ConfigurationMetadataTest {
    private static final Pattern READ = Pattern.compile("\"(modelbatch\\.[a-z.-]*[a-z])\"");
    private static final Pattern DOCUMENTED =
            Pattern.compile("modelbatch\\.(?:gcp|local|price|metrics|otlp)\\.[a-z-]*[a-z]"
                    + "|--modelbatch\\.[a-z-]*[a-z](?![a-z.-]*\\.[a-z])");

    private static JsonNode properties;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream json = new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
            properties = JsonMapper.shared().readTree(json).get("properties");
        }
    }

    @Test
    void hasWhatTheCodeReads() throws IOException {
        Set<String> read = new TreeSet<>();
        for (String file :
                List.of("cli/Settings.java", "telemetry/TelemetrySettings.java", "telemetry/GoogleLog.java")) {
            READ.matcher(Files.readString(Path.of("src/main/java/io/modelbatch", file)))
                    .results()
                    .forEach(property -> read.add(property.group(1)));
        }
        Stream.of(GoogleSettings.class.getRecordComponents())
                .map(component -> "modelbatch.gcp." + DataObjectPropertyName.toDashedForm(component.getName()))
                .forEach(read::add);

        assertThat(names()).containsExactlyInAnyOrderElementsOf(read).hasSizeGreaterThan(12);
    }

    @Test
    void hasWhatThePagesDocument() throws IOException {
        Set<String> documented = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (Path page : DocumentedCommands.pages()) {
            text.append(DocumentedCommands.read(page));
        }
        DOCUMENTED
                .matcher(text)
                .results()
                .map(property -> property.group().replaceFirst("^--", ""))
                .forEach(documented::add);

        assertThat(names()).containsAll(documented);
        assertThat(names()).allSatisfy(name -> assertThat(text).contains(name));
    }

    @Test
    void saysWhatEachPropertyIs() {
        assertThat(properties).allSatisfy(property -> {
            assertThat(property.path("description").asString(""))
                    .as(property.toString())
                    .isNotBlank();
            assertThat(property.path("type").asString(""))
                    .as(property.toString())
                    .isNotBlank();
        });
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        properties.forEach(property -> names.add(property.get("name").asString()));
        return names;
    }
}
