package io.modelbatch.inference;

import io.modelbatch.artifact.Entity;
import io.modelbatch.artifact.RecordSchema;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Named parts of texts, as transformers' {@code TokenClassificationPipeline} finds them with {@code aggregation_strategy="simple"}:
 * each token has its most likely label, and neighbours of the same kind are one entity unless a {@code B-} begins another.
 *
 * @param labels by number
 * @param tokenizer puts tokens together
 * @param overlap tokens that a window of a long text shares with the one before it
 */
record TokenClassification(List<String> labels, Tokenizer tokenizer, int overlap) implements Decoder {
    private static final String OUTSIDE = "O";

    /** A token of a text: in which window it is best seen, and what it is there. */
    private record Labelled(int window, int token, String label, double score) {
        boolean begins() {
            return label.startsWith("B-");
        }

        String kind() {
            return begins() || label.startsWith("I-") ? label.substring(2) : label;
        }
    }

    @Override
    public List<RecordSchema.Field> columns() {
        return List.of(AnswerColumns.ENTITIES);
    }

    @Override
    public boolean needsPlaces() {
        return true;
    }

    /** A text of nothing but spaces names nothing, whatever its tokens are labelled as. */
    @Override
    public List<Object> decode(List<Window> windows) {
        if (text(windows.get(0)).text().codePoints().allMatch(TokenClassification::isSpace)) {
            return List.of(List.of());
        }
        List<Entity> entities = new ArrayList<>();
        List<Labelled> group = new ArrayList<>();
        for (Labelled token : tokens(windows)) {
            if (!group.isEmpty()
                    && (token.begins() || !token.kind().equals(group.get(0).kind()))) {
                add(entities, group, windows);
                group.clear();
            }
            group.add(token);
        }
        add(entities, group, windows);
        return List.of(entities);
    }

    /** All tokens of the text but special ones. What two windows share is taken half from each, where it has more around it. */
    private List<Labelled> tokens(List<Window> windows) {
        List<Labelled> all = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            TokenizedText text = text(windows.get(w));
            int skip = w == 0 ? 0 : overlap / 2;
            int until = plain(text) - (w == windows.size() - 1 ? 0 : overlap - overlap / 2);
            int seen = 0;
            for (int i = 0; i < text.tokens().length(); i++) {
                if (!text.special()[i]) {
                    if (seen >= skip && seen < until) {
                        all.add(labelled(w, i, windows.get(w).numbers()));
                    }
                    seen++;
                }
            }
        }
        return all;
    }

    private static int plain(TokenizedText text) {
        int count = 0;
        for (boolean special : text.special()) {
            count += special ? 0 : 1;
        }
        return count;
    }

    private Labelled labelled(int window, int token, float[] numbers) {
        int from = token * labels.size();
        int best = 0;
        for (int i = 1; i < labels.size(); i++) {
            if (numbers[from + i] > numbers[from + best]) {
                best = i;
            }
        }
        double sum = 0;
        for (int i = 0; i < labels.size(); i++) {
            sum += Math.exp((double) numbers[from + i] - numbers[from + best]);
        }
        return new Labelled(window, token, labels.get(best), 1 / sum);
    }

    private void add(List<Entity> entities, List<Labelled> group, List<Window> windows) {
        if (group.isEmpty()) {
            return;
        }
        Labelled first = group.get(0);
        Labelled last = group.get(group.size() - 1);
        String name = first.label().substring(first.label().indexOf('-') + 1);
        if (name.equals(OUTSIDE)) {
            return;
        }
        entities.add(new Entity(
                name,
                group.stream().mapToDouble(Labelled::score).average().orElseThrow(),
                text(windows.get(first.window())).starts()[first.token()],
                text(windows.get(last.window())).ends()[last.token()],
                word(group, windows)));
    }

    /** An entity across windows is put together of its parts. */
    private String word(List<Labelled> group, List<Window> windows) {
        StringBuilder word = new StringBuilder();
        for (int from = 0; from < group.size(); ) {
            int to = from + 1;
            while (to < group.size()
                    && group.get(to).window() == group.get(from).window()) {
                to++;
            }
            TokenizedText text = text(windows.get(group.get(from).window()));
            word.append(word.isEmpty() ? "" : " ")
                    .append(tokenizer.word(
                            text, group.get(from).token(), group.get(to - 1).token() + 1));
            from = to;
        }
        return word.toString();
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    private static TokenizedText text(Window window) {
        return Objects.requireNonNull(window.text(), "the places of its tokens");
    }
}
