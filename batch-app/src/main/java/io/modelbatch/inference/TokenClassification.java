package io.modelbatch.inference;

import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Named parts of texts, as transformers' {@code TokenClassificationPipeline} finds them: each token, or each word, has its most likely
 * label, and neighbours of the same kind are one entity unless a {@code B-} begins another.
 *
 * @param labels by number
 * @param tokenizer puts tokens together
 * @param aggregation the method by which tokens become entities
 * @param overlap tokens that a window of a long text shares with the one before it
 */
record TokenClassification(List<String> labels, Tokenizer tokenizer, TokenAggregation aggregation, int overlap)
        implements Decoder {
    private static final String OUTSIDE = "O";

    /** A token of a text, in the window in which it is best seen: how it is spelt, where it stands, and a score for each label. */
    private record Token(String spelling, boolean continues, int start, int end, double[] scores) {
        double best() {
            return Arrays.stream(scores).max().orElseThrow();
        }
    }

    /** A token, or a word, with its label. */
    private record Labelled(String spelling, int start, int end, String label, double score) {
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

    @Override
    public Output begin(int rows) {
        Column.EntityLists entities = Column.entities(rows);
        return new Output(
                Map.of(AnswerColumns.ENTITIES.name(), entities),
                (row, windows) -> entities.set(row, entities(windows)));
    }

    /** A text of nothing but spaces names nothing, whatever its tokens are labelled as. */
    private List<Entity> entities(List<Window> windows) {
        if (text(windows.get(0)).text().codePoints().allMatch(TokenClassification::isSpace)) {
            return List.of();
        }
        List<Token> tokens = tokens(windows);
        return switch (aggregation) {
            case NONE -> alone(single(tokens));
            case SIMPLE -> grouped(single(tokens));
            case FIRST, AVERAGE, MAX -> grouped(words(tokens));
        };
    }

    /** All tokens of the text but special ones. What two windows share is taken half from each, where it has more around it. */
    private List<Token> tokens(List<Window> windows) {
        List<Token> all = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            TokenizedText text = text(windows.get(w));
            int skip = w == 0 ? 0 : overlap / 2;
            int until = plain(text) - (w == windows.size() - 1 ? 0 : overlap - overlap / 2);
            int seen = 0;
            for (int i = 0; i < text.tokens().length(); i++) {
                if (!text.special()[i]) {
                    if (seen >= skip && seen < until) {
                        all.add(new Token(
                                tokenizer.token(text, i),
                                readsWords() && tokenizer.continues(text, i),
                                text.starts()[i],
                                text.ends()[i],
                                scores(i, windows.get(w).numbers())));
                    }
                    seen++;
                }
            }
        }
        return all;
    }

    private boolean readsWords() {
        return aggregation != TokenAggregation.NONE && aggregation != TokenAggregation.SIMPLE;
    }

    private static int plain(TokenizedText text) {
        int count = 0;
        for (boolean special : text.special()) {
            count += special ? 0 : 1;
        }
        return count;
    }

    private double[] scores(int token, float[] numbers) {
        int from = token * labels.size();
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < labels.size(); i++) {
            largest = Math.max(largest, numbers[from + i]);
        }
        double[] scores = new double[labels.size()];
        double sum = 0;
        for (int i = 0; i < labels.size(); i++) {
            scores[i] = Math.exp(numbers[from + i] - largest);
            sum += scores[i];
        }
        for (int i = 0; i < labels.size(); i++) {
            scores[i] /= sum;
        }
        return scores;
    }

    private List<Labelled> single(List<Token> tokens) {
        return tokens.stream()
                .map(token -> labelled(token.spelling(), List.of(token), token.scores()))
                .toList();
    }

    private List<Labelled> words(List<Token> tokens) {
        List<Labelled> words = new ArrayList<>();
        for (int from = 0; from < tokens.size(); ) {
            int to = from + 1;
            while (to < tokens.size() && tokens.get(to).continues()) {
                to++;
            }
            List<Token> word = tokens.subList(from, to);
            words.add(labelled(tokenizer.join(word.stream().map(Token::spelling).toList()), word, scores(word)));
            from = to;
        }
        return words;
    }

    private double[] scores(List<Token> word) {
        return switch (aggregation) {
            case FIRST -> word.get(0).scores();
            case MAX -> {
                Token best = word.get(0);
                for (Token token : word) {
                    best = token.best() > best.best() ? token : best;
                }
                yield best.scores();
            }
            default -> {
                double[] means = new double[labels.size()];
                for (Token token : word) {
                    for (int i = 0; i < means.length; i++) {
                        means[i] += token.scores()[i] / word.size();
                    }
                }
                yield means;
            }
        };
    }

    private Labelled labelled(String spelling, List<Token> tokens, double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return new Labelled(
                spelling, tokens.get(0).start(), tokens.get(tokens.size() - 1).end(), labels.get(best), scores[best]);
    }

    private static List<Entity> alone(List<Labelled> tokens) {
        return tokens.stream()
                .filter(token -> !token.label().equals(OUTSIDE))
                .map(token -> new Entity(token.label(), token.score(), token.start(), token.end(), token.spelling()))
                .toList();
    }

    private List<Entity> grouped(List<Labelled> parts) {
        List<Entity> entities = new ArrayList<>();
        List<Labelled> group = new ArrayList<>();
        for (Labelled part : parts) {
            if (!group.isEmpty()
                    && (part.begins() || !part.kind().equals(group.get(0).kind()))) {
                add(entities, group);
                group.clear();
            }
            group.add(part);
        }
        add(entities, group);
        return entities;
    }

    private void add(List<Entity> entities, List<Labelled> group) {
        if (group.isEmpty()) {
            return;
        }
        Labelled first = group.get(0);
        String name = first.label().substring(first.label().indexOf('-') + 1);
        if (!name.equals(OUTSIDE)) {
            entities.add(new Entity(
                    name,
                    group.stream().mapToDouble(Labelled::score).average().orElseThrow(),
                    first.start(),
                    group.get(group.size() - 1).end(),
                    tokenizer.join(group.stream().map(Labelled::spelling).toList())));
        }
    }

    static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    private static TokenizedText text(Window window) {
        return Objects.requireNonNull(window.text(), "the places of its tokens");
    }
}
