package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "牛乳 🥛 é",
                "\"quoted\" \\ and\nbroken\tlines\u2028",
                "\u0000\u0001\uffff",
                "half \ud83e a pair",
                "\udd5b",
                "\ud83e\ud83e\udd5b\\ud83e"
            })
    void everyTextComesBackAsItWas(String text) throws Exception {
        Path file = folder.resolve("lines.jsonl");

        JsonLines.write(List.of(Map.of("text", text), Map.of(text, 1)), file);

        List<String> lines = Files.readString(file).lines().toList();
        assertThat(lines).hasSize(2);
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(lines.get(0)).path("text").stringValue()).isEqualTo(text);
        assertThat(json.readTree(lines.get(1)).path(text).intValue()).isEqualTo(1);
    }

    @Test
    void textsAreReadableWithoutEscapes() throws Exception {
        Path file = folder.resolve("lines.jsonl");

        JsonLines.write(List.of(Map.of("text", "牛乳 🥛")), file);

        assertThat(file).hasContent("{\"text\":\"牛乳 🥛\"}\n");
    }
}
