package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.inference.RedactOptions.As;
import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final String KEY = "correct horse battery staple";
    private static final Redaction LABELS = Redaction.of(new RedactOptions(As.LABEL, null), name -> null);
    private static final Redaction HASHES = hashes(KEY);

    private static Redaction hashes(String key) {
        return Redaction.of(new RedactOptions(As.HASH, "MY_KEY"), name -> name.equals("MY_KEY") ? key : null);
    }

    /** {@code LABEL/score/start/end}, separated by spaces. */
    private static List<Entity> entities(String words) {
        return Arrays.stream(words.split(" "))
                .map(word -> word.split("/"))
                .map(part -> new Entity(
                        part[0],
                        Double.parseDouble(part[1]),
                        Long.parseLong(part[2]),
                        Long.parseLong(part[3]),
                        "its text"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Ann met Bob.|PER/0.9/0/3 PER/0.8/8/11|[PER] met [PER].",
                "Ann|PER/0.9/0/3|[PER]",
                "😀 Ann 👩‍👧 Bob😀|PER/0.9/2/5 PER/0.8/10/13|😀 [PER] 👩‍👧 [PER]😀",
                "😀😀x|EMOJI/0.9/0/2|[EMOJI]x",
                "AnnBob|PER/0.9/0/3 PER/0.8/3/6|[PER][PER]",
                "Rome Hall is|LOC/0.6/0/4 ORG/0.7/0/9 LOC/0.5/5/9|[ORG] is",
                "abcdef|A/0.9/0/3 B/0.5/2/5|[A]f",
                "Bob, Ann|PER/0.8/5/8 PER/0.9/0/3|[PER], [PER]",
                "I am Ann |PER/0.9/4/9|I am [PER] ",
                "a   b|PER/0.9/1/4|a   b",
                "e\u0301l|PER/0.9/0/2|[PER]l",
            })
    void replacesEntities(String text, String entities, String redacted) {
        assertThat(LABELS.of(text, entities(entities)).text()).isEqualTo(redacted);
    }

    @Test
    void keepsATextWithoutEntities() {
        assertThat(LABELS.of("", List.of()).text()).isEmpty();
        assertThat(LABELS.of("no 😀 name", List.of()).text()).isEqualTo("no 😀 name");
    }

    /** The words of entities are parts of the text: the whole of it could be read there. */
    @Test
    void replacesTheWordsOfEntities() {
        assertThat(LABELS.of("Rome Hall, Ann", entities("LOC/0.6/0/4 ORG/0.7/0/9 PER/0.5/11/14"))
                        .entities())
                .containsExactly(
                        new Entity("LOC", 0.6, 0, 4, "[ORG]"),
                        new Entity("ORG", 0.7, 0, 9, "[ORG]"),
                        new Entity("PER", 0.5, 11, 14, "[PER]"));
        assertThat(LABELS.of("a   b", entities("PER/0.9/1/4")).entities())
                .extracting(Entity::word)
                .containsExactly("");
    }

    /** As another program computes it. */
    @Test
    void hashesAreHmacsOfTheText() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String hash = HexFormat.of()
                .formatHex(mac.doFinal("Zoë 😀".getBytes(StandardCharsets.UTF_8)))
                .substring(0, 16);

        assertThat(HASHES.of("Hi Zoë 😀!", entities("PER/0.9/3/8")).text()).isEqualTo("Hi [PER_" + hash + "]!");
    }

    @Test
    void theSameTextHasTheSameHashWhereverItStands() {
        String text = HASHES.of("Ann, Bob, Ann", entities("PER/0.9/0/3 PER/0.9/4/8 PER/0.5/9/13"))
                .text();
        List<String> names = List.of(text.split(", "));

        assertThat(names.get(0)).matches("\\[PER_[0-9a-f]{16}]").isEqualTo(names.get(2));
        assertThat(names.get(1)).matches("\\[PER_[0-9a-f]{16}]").isNotEqualTo(names.get(0));
        assertThat(hashes(KEY + "!").of("Ann", entities("PER/0.9/0/3")).text()).isNotEqualTo(names.get(0));
    }

    @Test
    void aFingerprintTellsKeysApart() {
        assertThat(HASHES.fingerprint())
                .isEqualTo(hashes(KEY).fingerprint())
                .isNotEqualTo(hashes(KEY + "!").fingerprint())
                .doesNotContain(KEY);
        assertThat(LABELS.fingerprint()).isNull();
    }

    @Test
    void refusesAKeyThatIsMissingOrShort() {
        assertThatThrownBy(() -> hashes(null))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("MY_KEY is not set");
        assertThatThrownBy(() -> hashes(" ")).hasMessageContaining("MY_KEY is not set");
        assertThatThrownBy(() -> hashes("swordfish"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("at least 16 characters")
                .hasMessageNotContaining("swordfish");
        assertThat(HASHES.toString()).doesNotContain(KEY);
    }

    /** A row that was not answered has no entities, and may have no text. */
    @Test
    void answersOfABlock() {
        Column.EntityLists entities = Column.entities(2);
        entities.set(1, entities("PER/0.9/0/3"));
        Answers answers = new Answers(
                Map.of("entities", entities),
                new TreeMap<>(Map.of(0, "has no text (null)")),
                ImmutableIntArray.of(0, 3),
                new Answers.Usage(3, 3, 1, 0, Duration.ZERO));

        Answers redacted = LABELS.of(answers, Arrays.asList(null, "Ann is here"));

        assertThat(redacted.column("redacted").asList()).containsExactly(null, "[PER] is here");
        assertThat(redacted.column("entities").asList())
                .containsExactly(null, List.of(new Entity("PER", 0.9, 0, 3, "[PER]")));
        assertThat(redacted.rejected()).isEqualTo(answers.rejected());
    }
}
