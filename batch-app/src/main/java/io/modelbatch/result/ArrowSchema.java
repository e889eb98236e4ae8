package io.modelbatch.result;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The part of the schema that Parquet cannot express: that all lists of a column have the same length. Arrow's readers look for their schema in a
 * file's metadata, in Base64, under {@link #KEY}; others leave it alone.
 */
final class ArrowSchema {
    static final String KEY = "ARROW:schema";

    private static final ArrowType TEXT = new ArrowType.Utf8();
    private static final ArrowType INT64 = new ArrowType.Int(Long.SIZE, true);
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

    private ArrowSchema() {}

    static boolean isNeeded(RecordSchema schema) {
        return schema.fields().stream().anyMatch(field -> field.type() instanceof FieldType.Embedding);
    }

    static String base64(RecordSchema schema) {
        Schema arrow = new Schema(schema.fields().stream()
                .map(field -> field(field.name(), field.type()))
                .toList());
        return Base64.getEncoder().encodeToString(arrow.serializeAsMessage());
    }

    private static Field field(String name, FieldType type) {
        if (type instanceof FieldType.Embedding embedding) {
            return nullable(name, new ArrowType.FixedSizeList(embedding.dimensions()), nullable("element", FLOAT32));
        }
        return switch ((FieldType.Plain) type) {
            case STRING -> nullable(name, TEXT);
            case INT64 -> nullable(name, INT64);
            case FLOAT64 -> nullable(name, FLOAT64);
            case SCORES -> nullable(name, new ArrowType.Map(false), entries());
            case ENTITIES -> nullable(name, new ArrowType.List(), entity());
        };
    }

    private static Field entries() {
        return required("key_value", new ArrowType.Struct(), required("key", TEXT), nullable("value", FLOAT64));
    }

    private static Field entity() {
        return nullable(
                "element",
                new ArrowType.Struct(),
                nullable("entity", TEXT),
                nullable("score", FLOAT64),
                nullable("start", INT64),
                nullable("end", INT64),
                nullable("word", TEXT));
    }

    private static Field nullable(String name, ArrowType type, Field... children) {
        return new Field(name, org.apache.arrow.vector.types.pojo.FieldType.nullable(type), List.of(children));
    }

    private static Field required(String name, ArrowType type, Field... children) {
        return new Field(name, org.apache.arrow.vector.types.pojo.FieldType.notNullable(type), Arrays.asList(children));
    }
}
