package io.modelbatch.step.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.extension.TransformType.Keys;
import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultBuilderTest {
    private static final String MEBIBYTE = "x".repeat(1 << 19);

    @Test
    void numberedKeysAreUniqueWhateverTheKeysOfTheRows() {
        ResultBuilder result = builder(Keys.NUMBERED, new Field("text", FieldType.STRING));

        for (String key : List.of("a", "a#0", "a#0#0", "b")) {
            result.begin(key);
            result.add().set("text", "1");
            result.add();
            result.end();
        }

        assertThat(keys(result.build()))
                .containsExactly("a#0", "a#1", "a#0#0", "a#0#1", "a#0#0#0", "a#0#0#1", "b#0", "b#1")
                .doesNotHaveDuplicates();
    }

    @Test
    void aRowThatKeepsItsKeyBecomesOneRowAtMost() {
        ResultBuilder result = builder(Keys.KEPT, new Field("text", FieldType.STRING));
        result.begin("a");
        result.add().set("text", "1");

        assertThatThrownBy(result::add).hasMessageContainingAll("more than one row", "Keys.NUMBERED");
    }

    @Test
    void everyTypeOfColumnArrives() {
        ResultBuilder result = builder(
                Keys.KEPT,
                new Field("text", FieldType.STRING),
                new Field("whole", FieldType.INT64),
                new Field("number", FieldType.FLOAT64),
                new Field("scores", FieldType.SCORES),
                new Field("entities", FieldType.ENTITIES),
                new Field("vector", FieldType.embedding(2)));
        Entity entity = new Entity("PER", 0.5, 0, 3, "Ada");

        result.begin("a");
        result.add()
                .set("text", "t")
                .set("whole", 7)
                .set("number", 0.5f)
                .set("scores", Map.of("good", 0.25))
                .set("entities", List.of(entity))
                .set("vector", new float[] {1, 2});
        result.end();

        RecordBlock block = result.build();
        assertThat(block.columns().subList(0, 4))
                .extracting(column -> column.value(0))
                .containsExactly("a", "t", 7L, 0.5);
        assertThat(block.columns().get(4).value(0)).isEqualTo(Map.of("good", 0.25));
        assertThat(block.columns().get(5).value(0)).isEqualTo(List.of(entity));
        assertThat((float[]) block.columns().get(6).value(0)).containsExactly(1, 2);
        assertThat(result.build().rows()).isZero();
    }

    @Test
    void valuesThatAColumnCannotHaveAreRefusedByName() {
        ResultBuilder result =
                builder(Keys.KEPT, new Field("n", FieldType.INT64), new Field("v", FieldType.embedding(2)));
        result.begin("a");

        assertThatThrownBy(() -> result.set("n", 1)).hasMessageContaining("before it adds a row");
        result.add();
        assertThatThrownBy(() -> result.set("n", 1.5)).hasMessageContainingAll("'n'", "int64", "Double");
        assertThatThrownBy(() -> result.set("v", new float[3])).hasMessageContainingAll("'v'", "3 numbers");
        assertThatThrownBy(() -> result.set("m", 1)).hasMessageContainingAll("'m'", "it declares n, v");
        assertThatThrownBy(result::end).hasMessageContainingAll("'n'", "no null");
    }

    @Test
    void theRowsOfARejectedRowAreDropped() {
        ResultBuilder result = builder(Keys.NUMBERED, new Field("text", FieldType.STRING));
        result.begin("a");
        result.add().set("text", "1");
        result.end();
        result.begin("b");
        result.add().set("text", "2");
        result.add();

        result.drop();

        assertThat(keys(result.build())).containsExactly("a#0");
    }

    @Test
    void aBlockIsFullBeforeMemoryIs() {
        ResultBuilder result = builder(Keys.NUMBERED, new Field("text", FieldType.STRING));
        int rows = 0;
        while (!result.isFull()) {
            result.begin(rows++);
            result.add().set("text", MEBIBYTE);
            result.end();
        }

        assertThat(rows).isBetween(60, 64);
        assertThat(result.build().rows()).isEqualTo(rows);
        assertThat(result.isFull()).isFalse();
    }

    @Test
    void theRowsOfOneRowHaveALimit() {
        ResultBuilder result = builder(Keys.NUMBERED, new Field("text", FieldType.STRING));
        result.begin("a");

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        result.add().set("text", MEBIBYTE);
                    }
                })
                .hasMessageContainingAll("more than 64 MiB", "divide it");
    }

    private static ResultBuilder builder(Keys keys, Field... fields) {
        List<Field> all = new ArrayList<>(List.of(new Field("id", FieldType.STRING)));
        all.addAll(List.of(fields));
        return new ResultBuilder(new RecordSchema(all), keys);
    }

    private static List<Object> keys(RecordBlock block) {
        return block.columns().get(0).asList().stream().map(Object.class::cast).toList();
    }
}
