package io.modelbatch.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads a file into YAML nodes, which keep their lines. What such files have no use for in YAML is refused here. */
public final class YamlReader {
    /** The usual causes of SnakeYAML's terse messages. */
    private static final Map<String, String> USUAL_CAUSES = Map.of(
            "mapping values are not allowed here", "a text that contains ': ' needs quotes",
            "could not find expected ':'", "a key needs ': ' after it",
            "but got {", "inside { } and [ ], a text that contains one of { } [ ] , needs quotes",
            "but got :", "a } or ] is missing before it",
            "but got <stream end>", "a } or ] is missing",
            "expected <block end>", "keys of one group start in the same column");

    private final YamlFormat format;
    private final Problems problems;

    /** A reader of files of one kind, which reports what is wrong with them. */
    public YamlReader(YamlFormat format, Problems problems) {
        this.format = format;
        this.problems = problems;
    }

    /** The file's only document; empty when it cannot be read further, for reasons that were reported. */
    public Optional<Node> read(Path file) {
        Optional<String> text = bytes(file).flatMap(this::decode);
        try {
            return text.filter(this::onlyWhatIsNeeded).flatMap(this::compose);
        } catch (MarkedYAMLException e) {
            reportMalformed(e);
        } catch (ReaderException e) {
            reportAt(
                    text.orElseThrow().substring(0, e.getPosition()),
                    "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
        }
        return Optional.empty();
    }

    private Optional<byte[]> bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(format.mostBytes() + 1);
            if (bytes.length <= format.mostBytes()) {
                return Optional.of(bytes);
            }
            problems.addWithoutLine(
                    "", "is larger than " + (format.mostBytes() >> 20) + " MiB, the limit of " + format.file());
        } catch (NoSuchFileException e) {
            problems.addWithoutLine("", "cannot be read: it is a broken link, or was removed");
        } catch (AccessDeniedException e) {
            problems.addWithoutLine("", "cannot be read: this user may not read it");
        } catch (IOException e) {
            problems.addWithoutLine("", "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Optional<String> decode(byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            reportAt(text.toString(), "is not UTF-8 from here on; save the file as UTF-8");
            return Optional.empty();
        }
        return Optional.of(text.toString().replaceFirst("^\uFEFF", ""));
    }

    private void reportAt(String textBefore, String message) {
        int line = (int) textBefore.chars().filter(c -> c == '\n').count();
        int column = textBefore.length() - textBefore.lastIndexOf('\n') - 1;
        problems.add(line + 1, column + 1, "", message);
    }

    private boolean onlyWhatIsNeeded(String text) {
        UnsupportedYaml refused = new UnsupportedYaml(format, problems);
        for (Event event : yaml().parse(new StringReader(text))) {
            if (!refused.check(event)) {
                return false;
            }
        }
        return refused.canBeComposed();
    }

    private Optional<Node> compose(String text) {
        Optional<Node> root = Optional.ofNullable(yaml().compose(new StringReader(text)));
        if (root.isEmpty()) {
            problems.addWithoutLine("", "is empty; a " + format.subject() + " needs at least " + format.least());
        }
        return root;
    }

    private Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(format.mostBytes());
        options.setNestingDepthLimit(format.depth() + 1);
        return new Yaml(options);
    }

    private void reportMalformed(MarkedYAMLException e) {
        String cause = USUAL_CAUSES.entrySet().stream()
                .filter(usual -> e.getProblem().contains(usual.getKey()))
                .map(usual -> "; " + usual.getValue())
                .findFirst()
                .orElse("");
        Mark context = e.getContextMark();
        String where = e.getContext() == null || context == null
                ? ""
                : " (" + e.getContext() + " that starts in line " + (context.getLine() + 1) + ")";
        problems.add(e.getProblemMark(), "", "is not YAML: " + e.getProblem() + where + cause);
    }
}
