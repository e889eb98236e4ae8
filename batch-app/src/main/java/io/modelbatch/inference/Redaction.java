package io.modelbatch.inference;

import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the entities of texts in a copy of them, and the words of the entities likewise. Entities that overlap are replaced as one, with
 * the label that has the highest score. White space at the ends of an entity is kept.
 *
 * @param key of the hashes; empty where labels alone replace entities
 */
public record Redaction(Optional<RedactionKey> key) {
    /**
     * The redaction that options ask for.
     *
     * @param environment the variables of the process; null for one that is not set
     * @throws InferenceException when the variable of the key is not set or too short
     */
    public static Redaction of(RedactOptions options, UnaryOperator<@Nullable String> environment) {
        return new Redaction(
                Optional.ofNullable(options.keyFrom()).map(variable -> RedactionKey.of(variable, environment)));
    }

    /** Tells the key apart from others; null where there is none. */
    public @Nullable String fingerprint() {
        return key.map(RedactionKey::fingerprint).orElse(null);
    }

    /**
     * A text without its entities.
     *
     * @param text the copy
     * @param entities with the replacements as their words; their places are those in the original
     */
    record Redacted(String text, List<Entity> entities) {}

    /** The answers without the texts of entities, and with the redacted texts as one more column. */
    public Answers of(Answers answers, List<@Nullable String> texts) {
        Column.EntityLists found = (Column.EntityLists) answers.column(AnswerColumns.ENTITIES.name());
        Column.EntityLists entities = Column.entities(answers.rows());
        Column.Texts redacted = Column.texts(answers.rows());
        for (int row = 0; row < answers.rows(); row++) {
            if (!answers.rejected().containsKey(row)) {
                Redacted without = of(Objects.requireNonNull(texts.get(row)), Objects.requireNonNull(found.value(row)));
                entities.set(row, without.entities());
                redacted.set(row, without.text());
            }
        }
        Map<String, Column> columns = new HashMap<>(answers.columns());
        columns.put(AnswerColumns.ENTITIES.name(), entities);
        columns.put(AnswerColumns.REDACTED.name(), redacted);
        return new Answers(columns, answers.rejected(), answers.lengths(), answers.usage());
    }

    /** One text. */
    Redacted of(String text, List<Entity> entities) {
        int[] points = text.codePoints().toArray();
        List<Entity> ordered = entities.stream()
                .sorted(Comparator.comparingLong(Entity::start))
                .toList();
        StringBuilder redacted = new StringBuilder();
        List<Entity> named = new ArrayList<>();
        int kept = 0;
        for (int from = 0; from < ordered.size(); ) {
            long end = ordered.get(from).end();
            int to = from + 1;
            while (to < ordered.size() && ordered.get(to).start() < end) {
                end = Math.max(end, ordered.get(to).end());
                to++;
            }
            List<Entity> overlapping = ordered.subList(from, to);
            Span span = Span.of(points, (int) overlapping.get(0).start(), (int) end);
            String replacement = span.isEmpty() ? "" : replacement(overlapping, span.text(points));
            redacted.append(new String(points, kept, span.start() - kept)).append(replacement);
            overlapping.forEach(entity ->
                    named.add(new Entity(entity.entity(), entity.score(), entity.start(), entity.end(), replacement)));
            kept = span.end();
            from = to;
        }
        return new Redacted(
                redacted.append(new String(points, kept, points.length - kept)).toString(), List.copyOf(named));
    }

    private String replacement(List<Entity> overlapping, String text) {
        String label = overlapping.stream()
                .max(Comparator.comparingDouble(Entity::score))
                .orElseThrow()
                .entity();
        return "[" + label + key.map(hmac -> "_" + hmac.hash(text)).orElse("") + "]";
    }

    /** A part of a text without white space at its ends, in code points. */
    private record Span(int start, int end) {
        static Span of(int[] points, int start, int end) {
            int from = start;
            int to = end;
            while (from < to && TokenClassification.isSpace(points[from])) {
                from++;
            }
            while (from < to && TokenClassification.isSpace(points[to - 1])) {
                to--;
            }
            return new Span(from, to);
        }

        boolean isEmpty() {
            return start == end;
        }

        String text(int[] points) {
            return new String(points, start, end - start);
        }
    }
}
