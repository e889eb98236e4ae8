package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordBlockTest {
    private static final RecordSchema SCHEMA = new RecordSchema(List.of(
            new RecordSchema.Field("id", FieldType.INT64),
            new RecordSchema.Field("label", FieldType.STRING),
            new RecordSchema.Field("score", FieldType.FLOAT64),
            new RecordSchema.Field("scores", FieldType.SCORES),
            new RecordSchema.Field("embedding", FieldType.embedding(2)),
            new RecordSchema.Field("entities", FieldType.ENTITIES)));

    /** The rejected rows, 1 and 3, have no values; the others keep their order. Columns are found by name. */
    @Test
    void someRowsOfColumnsBecomeRecords() {
        Map<String, Column> columns = columns(5, 0, 2, 4);

        RecordBlock block = RecordBlock.of(SCHEMA, columns, new int[] {0, 2, 4});

        assertThat(block.rows()).isEqualTo(3);
        assertThat(block.columns().get(0).asList()).containsExactly(100L, 102L, 104L);
        assertThat(block.columns().get(1).asList()).containsExactly("label 0", "label 2", "label 4");
        assertThat(block.columns().get(2).asList()).containsExactly(0.0, 2.0, 4.0);
        assertThat(block.columns().get(3).asList())
                .containsExactly(Map.of("a", 0.0), Map.of("a", 2.0), Map.of("a", 4.0));
        assertThat(block.columns().get(4).asList())
                .containsExactly(new float[] {0, 1}, new float[] {2, 1}, new float[] {4, 1});
        assertThat(block.columns().get(5).asList())
                .containsExactly(List.of(entity(0)), List.of(entity(2)), List.of(entity(4)));
    }

    /** Without rejected rows no value is copied. */
    @Test
    void allRowsKeepTheirColumns() {
        Map<String, Column> columns = columns(2, 0, 1);

        RecordBlock block = RecordBlock.of(SCHEMA, columns, new int[] {0, 1});

        assertThat(block.columns().get(4)).isSameAs(columns.get("embedding"));
    }

    /** A row that was neither answered nor rejected would be written as null, or as zero. */
    @Test
    void aRowWithoutAnEmbeddingIsRefused() {
        assertThatThrownBy(() -> RecordBlock.of(SCHEMA, columns(2, 0), new int[] {0, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The field 'embedding' of type embedding(2) cannot be null (record 101)");
    }

    @Test
    void scoresAreAMapInTheirOrder() {
        Scores scores = new Scores(new String[] {"b", "a"}, new double[] {0.75, 0.25});

        assertThat(scores).isEqualTo(Map.of("a", 0.25, "b", 0.75)).containsEntry("a", 0.25);
        assertThat(scores.keySet()).containsExactly("b", "a");
        assertThatThrownBy(() -> new Scores(new String[] {"a"}, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 labels, but 2 scores");
    }

    /** Columns of so many rows, with values for those that were answered. */
    private static Map<String, Column> columns(int rows, int... answered) {
        Column.Texts label = Column.texts(rows);
        Column.Doubles score = Column.doubles(rows);
        Column.ScoreMaps scores = Column.scores(rows);
        Column.Embeddings embedding = Column.embeddings(2, rows);
        Column.EntityLists entities = Column.entities(rows);
        for (int row : answered) {
            label.set(row, "label " + row);
            score.set(row, row);
            scores.set(row, new Scores(new String[] {"a"}, new double[] {row}));
            embedding.set(row, new float[] {row, 1});
            entities.set(row, List.of(entity(row)));
        }
        List<Object> keys =
                IntStream.range(0, rows).<Object>mapToObj(row -> 100L + row).toList();
        return Map.of(
                "entities", entities,
                "embedding", embedding,
                "scores", scores,
                "score", score,
                "label", label,
                "id", Column.keys(FieldType.INT64, keys));
    }

    private static Entity entity(int row) {
        return new Entity("LOC", 0.5, row, row + 1, "word " + row);
    }
}
