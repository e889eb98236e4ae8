package io.modelbatch.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type of a field of a result's records. */
public sealed interface FieldType permits FieldType.Plain, FieldType.Embedding {
    /** A {@code String}. */
    FieldType STRING = Plain.STRING;
    /** A {@code long}; never null. */
    FieldType INT64 = Plain.INT64;
    /** A {@code double}; never null. */
    FieldType FLOAT64 = Plain.FLOAT64;
    /** {@link Scores}: the score of each label. */
    FieldType SCORES = Plain.SCORES;
    /** A {@code List<Entity>}, empty where there are none; never null. */
    FieldType ENTITIES = Plain.ENTITIES;

    /**
     * A {@code float[]} of that many finite numbers; never null.
     *
     * @throws IllegalArgumentException when the dimensions are not at least 1
     */
    static FieldType embedding(int dimensions) {
        return new Embedding(dimensions);
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    @JsonCreator
    static FieldType of(String word) {
        Matcher embedding = Embedding.WORD.matcher(word);
        if (embedding.matches()) {
            return embedding(Integer.parseInt(embedding.group(1)));
        }
        return Arrays.stream(Plain.values())
                .filter(type -> type.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is not a type of a field"));
    }

    /** As manifests name it: {@code string}, {@code embedding(384)}. */
    @JsonValue
    String word();

    /** DuckDB's type for it. */
    String duckdb();

    /** A type that its name says all of. */
    enum Plain implements FieldType {
        STRING("string", "VARCHAR"),
        INT64("int64", "BIGINT"),
        FLOAT64("float64", "DOUBLE"),
        SCORES("scores", "MAP(VARCHAR, DOUBLE)"),
        ENTITIES("entities", "STRUCT(entity VARCHAR, score DOUBLE, \"start\" BIGINT, \"end\" BIGINT, word VARCHAR)[]");

        private final String word;
        private final String duckdb;

        Plain(String word, String duckdb) {
            this.word = word;
            this.duckdb = duckdb;
        }

        @Override
        public String word() {
            return word;
        }

        @Override
        public String duckdb() {
            return duckdb;
        }

        /** The word: ids of loads are made of it. */
        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * Numbers that stand for a text.
     *
     * @param dimensions their number, at least 1
     */
    record Embedding(int dimensions) implements FieldType {
        private static final Pattern WORD = Pattern.compile("embedding\\(([1-9]\\d{0,6})\\)");

        /** Checks the dimensions. */
        public Embedding {
            if (dimensions < 1) {
                throw new IllegalArgumentException("An embedding has at least one dimension, not " + dimensions);
            }
        }

        @Override
        public String word() {
            return "embedding(" + dimensions + ")";
        }

        /** Not {@code FLOAT[n]}: of a null one DuckDB makes a Parquet file that others cannot read. */
        @Override
        public String duckdb() {
            return "FLOAT[]";
        }

        /** The word: ids of loads are made of it. */
        @Override
        public String toString() {
            return word();
        }
    }
}
