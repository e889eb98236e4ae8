package io.modelbatch.extension;

import io.modelbatch.base.PrintableText;
import io.modelbatch.result.Entity;
import io.modelbatch.warehouse.RowBlock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A row that a {@link RowTransform} takes. */
public final class InputRow {
    private static final int SHOWN = 60;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RowBlock block;
    private final int number;

    /**
     * A row of a block.
     *
     * @param number its number among them, from 0
     */
    public InputRow(RowBlock block, int number) {
        this.block = block;
        this.number = number;
    }

    /** Its key: a {@code String} or a {@code Long}. */
    public Object key() {
        return block.keys().get(number);
    }

    /**
     * The value of a column as text; null where the row has none.
     *
     * @throws IllegalArgumentException when its type does not declare that it reads the column
     */
    public @Nullable String text(String column) {
        return block.column(column).get(number);
    }

    /** The value of a column as a whole number; null where the row has none. */
    public @Nullable Long whole(String column) {
        return parsed(column, "a whole number", Long::valueOf);
    }

    /** The value of a column as a number; null where the row has none. */
    public @Nullable Double number(String column) {
        return parsed(column, "a number", Double::valueOf);
    }

    /** The scores of labels that an {@code infer} gave; null where the row has none. */
    public @Nullable Map<String, Double> scores(String column) {
        return parsed(column, "scores of labels", text -> JSON.readValue(text, new TypeReference<>() {}));
    }

    /** The entities that an {@code infer} found. */
    public @Nullable List<Entity> entities(String column) {
        return parsed(column, "a list of entities", text -> JSON.readValue(text, new TypeReference<>() {}));
    }

    /** The embedding that an {@code infer} gave. */
    public float @Nullable [] embedding(String column) {
        return parsed(column, "an embedding", text -> JSON.readValue(text, float[].class));
    }

    private <T> @Nullable T parsed(String column, String what, Function<String, T> parse) {
        String text = text(column);
        try {
            return text == null ? null : parse.apply(text);
        } catch (NumberFormatException | JacksonException e) {
            throw new IllegalArgumentException(
                    "Column '" + column + "' is '" + PrintableText.shortened(text, SHOWN) + "', and not " + what, e);
        }
    }
}
