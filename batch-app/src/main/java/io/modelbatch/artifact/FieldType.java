package io.modelbatch.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The type of a field of a result's records. */
public enum FieldType {
    /** A {@code String}. */
    STRING("string", "VARCHAR"),
    /** A {@code Long}. */
    INT64("int64", "BIGINT"),
    /** A {@code Double}. */
    FLOAT64("float64", "DOUBLE"),
    /** A {@code Map<String, Double>}, such as the score of each label. */
    SCORES("scores", "MAP(VARCHAR, DOUBLE)");

    private final String word;
    private final String duckdb;

    FieldType(String word, String duckdb) {
        this.word = word;
        this.duckdb = duckdb;
    }

    /** As manifests name it. */
    @JsonValue
    public String word() {
        return word;
    }

    String duckdb() {
        return duckdb;
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    @JsonCreator
    public static FieldType of(String word) {
        return Arrays.stream(values())
                .filter(type -> type.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no type of a field"));
    }
}
