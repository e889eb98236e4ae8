package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.SourceWords.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The words of messages, Javadoc, comments and pages. Their readers are engineers everywhere, who search with the words of their field.
 * All messages are written to {@code target/messages.txt}, to be read aloud from time to time.
 */
class WordsTest {
    private static final SourceWords SOURCES = read("src/main/java");
    private static final SourceWords TESTS = read("src/test/java");
    private static final Path MESSAGES = Path.of("target/messages.txt");
    private static final int LONGEST_MESSAGE = 420;
    private static final int MOST_WORDS = 40;
    private static final int LONGEST_LINE = 180;

    /** Expressions that no message, comment or page has, and the ones to write in their place. */
    private static final Map<String, String> EVERYWHERE = Map.ofEntries(
            Map.entry("(?<![Tt]here )\\b(is|are) no (?!longer\\b|\\{@)", "is not a …"),
            Map.entry("\\banew\\b", "again"),
            Map.entry("\\bmend(s|ed|ing)?\\b", "fix"),
            Map.entry("\\b(go|goes|going|went) on\\b", "continue, resume"),
            Map.entry("nobody expected", "unexpected"),
            Map.entry("\\bin (hand|the hands of|one go)\\b", "current; atomically"),
            Map.entry("\\bcards?\\b", "GPU"),
            Map.entry("told apart", "distinguished; case-sensitive"),
            Map.entry("no matter|\\baffair", "does not matter"),
            Map.entry("\\b(goes|go) before\\b", "takes precedence"),
            Map.entry(", for (it|they|its|there|these|this|that|none|no|what|who|where)\\b", "because"),
            Map.entry("\\b(hence|thereby|whereby|upon|beneath|whatsoever)\\b", "a word of every day"));

    /** The same, of messages alone. */
    private static final Map<String, String> IN_MESSAGES = Map.of(
            "\\b(none of|nobody|somebody|anybody)\\b", "no; another process, another user",
            "\\bcut\\b", "truncated",
            "belongs? there|known (here )?(is|are)\\b|computed here|makes? sense",
                    "must be; supported are; allowed are",
            "(?<!did you mean '[^?]{0,40})(?<!Which job)\\?(?=[ .|\\]]|$)", "a statement: Check that …",
            "\\b(is|are) (here|there) (twice|already)", "appears twice; already exists",
            "\\bwants?\\b", "needs",
            "\\bcounts no longer\\b", "expires");

    private static SourceWords read(String folder) {
        try {
            return SourceWords.below(Path.of(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void messagesAreInPlainWords() throws IOException {
        List<Text> messages = messages();
        Files.write(MESSAGES, messages.stream().map(Text::toString).toList());

        assertThat(messages).hasSizeGreaterThan(700);
        assertThat(faults(SOURCES.literals(), EVERYWHERE)).isEmpty();
        assertThat(faults(messages, IN_MESSAGES)).isEmpty();
    }

    @Test
    void messagesAreShort() {
        assertThat(messages().stream().filter(message -> message.text().length() > LONGEST_MESSAGE))
                .isEmpty();
        assertThat(messages().stream()
                        .filter(message -> Stream.of(message.text().split("[.:;?](?= |$)|\\\\n"))
                                .anyMatch(sentence -> sentence.strip().split(" ").length > MOST_WORDS)))
                .isEmpty();
    }

    /** The noun that a reader looks for comes first: the thing that a class is, the action of a method. */
    @Test
    void javadocBeginsWithItsSubject() {
        Predicate<String> hidden =
                Pattern.compile("^(What|Whether|How|Why|Who)\\b").asPredicate();
        Predicate<String> hiddenParameter =
                Pattern.compile("@(param \\S+|return) (what|who)\\b").asPredicate();

        assertThat(SOURCES.javadoc().stream()
                        .filter(text -> hidden.or(hiddenParameter).test(text.text())))
                .isEmpty();
        assertThat(TESTS.javadoc().stream().filter(text -> hidden.test(text.text())))
                .isEmpty();
        assertThat(SOURCES.javadoc()).hasSizeGreaterThan(1500);
    }

    @Test
    void javadocAndCommentsAreInPlainWords() {
        assertThat(faults(SOURCES.javadoc(), EVERYWHERE)).isEmpty();
        assertThat(faults(SOURCES.comments(), EVERYWHERE)).isEmpty();
        assertThat(faults(TESTS.javadoc(), EVERYWHERE)).isEmpty();
        assertThat(faults(TESTS.comments(), EVERYWHERE)).isEmpty();
        assertThat(SOURCES.comments()).hasSizeGreaterThan(100);
    }

    @Test
    void pagesAreInPlainWords() throws IOException {
        List<Text> lines = new ArrayList<>();
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            for (Path page : Stream.concat(docs, Stream.of(Path.of("../README.md")))
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                List<String> all = Files.readAllLines(page);
                IntStream.range(0, all.size()).forEach(i -> lines.add(new Text(page + ":" + (i + 1), all.get(i))));
            }
        }

        assertThat(faults(lines, EVERYWHERE)).isEmpty();
        assertThat(lines.stream()
                        .filter(line -> line.text().length() > LONGEST_LINE
                                && !line.text().startsWith("|")))
                .isEmpty();
        assertThat(lines).hasSizeGreaterThan(1000);
    }

    /** Literals that a person reads: words side by side that are not code. */
    private static List<Text> messages() {
        Predicate<String> words = Pattern.compile("[a-z]{2,}[,.:;]? [a-z{']").asPredicate();
        Predicate<String> code = Pattern.compile(
                        "torch\\.|\\bops\\.|\\(\\?|\\[0-9]|\\[a-z]|enable `|^abs acos"
                                + "|[A-Z_]+ = \\?|^[({} ]*(select|with|insert|update|delete|where|SELECT|COPY|CREATE|SET|ALTER|MERGE|FROM|CAST|TRY_CAST|DELETE) ")
                .asPredicate();
        return SOURCES.literals().stream()
                .filter(literal -> words.test(literal.text()) && !code.test(literal.text()))
                .sorted(Comparator.comparing(Text::place))
                .toList();
    }

    private static List<String> faults(List<Text> texts, Map<String, String> rules) {
        return rules.entrySet().stream()
                .flatMap(rule -> {
                    Predicate<String> pattern = Pattern.compile(rule.getKey()).asPredicate();
                    return texts.stream()
                            .filter(text -> pattern.test(text.text()))
                            .map(text -> text + " <- write: " + rule.getValue());
                })
                .sorted()
                .toList();
    }
}
