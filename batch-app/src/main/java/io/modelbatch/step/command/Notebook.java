package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.modelbatch.base.JsonErrorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * The parts of a notebook file, nbformat 4, that say how it is executed and how that ended. Images and other outputs are skipped when it
 * is read, so that it may be large; Jackson keeps what a record does not have in memory, unless it ignores it.
 *
 * @param nbformat the version of the format
 * @param metadata metadata of the whole notebook
 * @param cells the cells; null where the format is older
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record Notebook(
        @Nullable Integer nbformat,
        @Nullable Metadata metadata,
        @Nullable List<Cell> cells) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PARAMETERS = "parameters";

    /** A file that is not a notebook. The message says why, and follows the file's name. */
    static final class DamagedException extends IOException {
        private DamagedException(String why) {
            super(why);
        }
    }

    /** Metadata of the whole notebook. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Metadata(@Nullable Kernel kernelspec, @Nullable Language languageInfo) {}

    /** The kernel that executes it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Kernel(@Nullable String name, @Nullable String language) {}

    /** The language of its code. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Language(@Nullable String name) {}

    /**
     * A cell.
     *
     * @param source a text, or a list of lines that keep their ends
     * @param outputs the outputs, of which only errors are kept in full
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Cell(
            @Nullable String cellType,
            @Nullable Integer executionCount,
            @Nullable JsonNode source,
            @Nullable CellMetadata metadata,
            @Nullable List<Output> outputs) {
        boolean isCode() {
            return "code".equals(cellType);
        }

        boolean hasTag(String tag) {
            return metadata != null && metadata.tags != null && metadata.tags.contains(tag);
        }

        String code() {
            return text(source);
        }

        Stream<Output> errors() {
            return outputs == null ? Stream.empty() : outputs.stream().filter(Output::isError);
        }
    }

    /** Metadata of a cell. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CellMetadata(
            @Nullable List<String> tags, @Nullable Papermill papermill) {}

    /** Notes of papermill about a cell. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Papermill(
            @Nullable Boolean exception,
            @Nullable String startTime,
            @Nullable String status) {}

    /** An output of a cell: of an error its class, message and traceback. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Output(
            @Nullable String outputType,
            @Nullable String ename,
            @Nullable String evalue,
            @Nullable JsonNode traceback) {
        boolean isError() {
            return "error".equals(outputType);
        }

        String trace() {
            return text(traceback);
        }
    }

    /**
     * Reads a file.
     *
     * @throws DamagedException when it is not a notebook
     */
    static Notebook read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Notebook notebook = JSON.readValue(in, Notebook.class);
            if (notebook == null || notebook.nbformat == null) {
                throw new DamagedException("is JSON, but not a notebook: it has no 'nbformat'");
            }
            return notebook;
        } catch (JacksonException e) {
            throw new DamagedException("is not a notebook: " + JsonErrorText.words(e));
        }
    }

    /** The name of the kernel that it was written with. */
    Optional<String> kernel() {
        return Optional.ofNullable(metadata).map(Metadata::kernelspec).map(Kernel::name);
    }

    /** The language of its code. */
    Optional<String> language() {
        return Optional.ofNullable(metadata)
                .map(Metadata::languageInfo)
                .map(Language::name)
                .or(() ->
                        Optional.ofNullable(metadata).map(Metadata::kernelspec).map(Kernel::language));
    }

    /** True if a cell is tagged as that of the parameters. */
    boolean hasParametersCell() {
        return Objects.requireNonNullElse(cells, List.<Cell>of()).stream().anyMatch(cell -> cell.hasTag(PARAMETERS));
    }

    private static String text(@Nullable JsonNode text) {
        if (text == null || !text.isArray()) {
            return text == null || text.isNull() ? "" : text.asString();
        }
        return StreamSupport.stream(text.spliterator(), false)
                .map(JsonNode::asString)
                .reduce("", String::concat);
    }
}
