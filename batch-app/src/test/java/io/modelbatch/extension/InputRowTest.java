package io.modelbatch.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.result.Scores;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.local.ParquetRowReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers of a model are in a shard, and a transform reads them there. */
class InputRowTest {
    private static final List<Entity> ENTITIES =
            List.of(new Entity("PER", 0.1 + 0.2, 0, 7, "Ada \"A\" 愛"), new Entity("LOC", 1e-7, 9, 12, "a\nb"));

    @TempDir
    private Path folder;

    @Test
    void allTypesOfColumnsArriveExactly() throws Exception {
        InputRow row = throughAShard();

        assertThat(row.key()).isEqualTo(7L);
        assertThat(row.whole("whole")).isEqualTo(Long.MIN_VALUE);
        assertThat(row.number("number")).isEqualTo(0.1 + 0.2);
        assertThat(row.text("text")).isEqualTo("a\tb 愛 \"c\"");
        assertThat(row.scores("scores")).isEqualTo(Map.of("good \"one\"", 0.1 + 0.2, "bad", 1e-300));
        assertThat(row.entities("entities")).isEqualTo(ENTITIES);
        assertThat(row.embedding("vector")).containsExactly(0.1f, -3.4028235e38f, 1e-38f);
    }

    @Test
    void aValueOfAnotherKindIsNamed() {
        InputRow row = new InputRow(new RowBlock(List.of("a"), Map.of("text", List.of("seven"))), 0);

        assertThatThrownBy(() -> row.whole("text")).hasMessage("Column 'text' is 'seven', and not a whole number");
        assertThatThrownBy(() -> row.embedding("text")).hasMessage("Column 'text' is 'seven', and not an embedding");
        assertThatThrownBy(() -> row.text("other")).hasMessageContainingAll("'other'", "text");
    }

    private InputRow throughAShard() throws Exception {
        Column.Longs whole = Column.longs(1);
        whole.set(0, Long.MIN_VALUE);
        Column.Doubles number = Column.doubles(1);
        number.set(0, 0.1 + 0.2);
        Column.Texts text = Column.texts(1);
        text.set(0, "a\tb 愛 \"c\"");
        Column.ScoreMaps scores = Column.scores(1);
        scores.set(0, new Scores(new String[] {"good \"one\"", "bad"}, new double[] {0.1 + 0.2, 1e-300}));
        Column.EntityLists entities = Column.entities(1);
        entities.set(0, ENTITIES);
        Column.Embeddings vector = Column.embeddings(3, 1);
        vector.set(0, new float[] {0.1f, -3.4028235e38f, 1e-38f});
        Path file = folder.resolve("shard.parquet");
        try (ShardWriter writer = ShardWriter.parquet()) {
            writer.write(
                    new RecordBlock(
                            new RecordSchema(List.of(
                                    new Field("id", FieldType.INT64),
                                    new Field("whole", FieldType.INT64),
                                    new Field("number", FieldType.FLOAT64),
                                    new Field("text", FieldType.STRING),
                                    new Field("scores", FieldType.SCORES),
                                    new Field("entities", FieldType.ENTITIES),
                                    new Field("vector", FieldType.embedding(3)))),
                            List.of(
                                    Column.keys(FieldType.INT64, List.of(7L)),
                                    whole,
                                    number,
                                    text,
                                    scores,
                                    entities,
                                    vector)),
                    file);
        }
        List<ParquetRowReader.Column> columns = List.of(
                ParquetRowReader.Column.text("whole"),
                ParquetRowReader.Column.text("number"),
                ParquetRowReader.Column.text("text"),
                ParquetRowReader.Column.json("scores"),
                ParquetRowReader.Column.json("entities"),
                ParquetRowReader.Column.json("vector"));
        try (ParquetRowReader rows = ParquetRowReader.open(file, "id", columns, 0)) {
            return new InputRow(rows.read(10, 1000).orElseThrow(), 0);
        }
    }
}
