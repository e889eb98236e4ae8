package example;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.RowTransform;
import io.modelbatch.extension.TransformType;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.result.ResultOptions;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.util.List;

/** {@code keep-confident}: of the answers of a model those that it is sure of. */
public final class KeepConfidentType implements TransformType<KeepConfidentType.Options> {
    public record Options(
            @JsonProperty(required = true) @JsonPropertyDescription("least score of an answer that is kept")
            @DecimalMin("0") @DecimalMax("1")
            double score,

            @JsonUnwrapped ResultOptions result) {}

    @Override
    public String key() {
        return "keep-confident";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "the answers that a model is sure of";
    }

    @Override
    public ResultOptions result(Options options) {
        return options.result();
    }

    @Override
    public List<ColumnUse> reads(Options options) {
        return List.of(new ColumnUse("score", "label"), new ColumnUse("score", "score"));
    }

    @Override
    public Keys keys() {
        return Keys.KEPT;
    }

    @Override
    public List<Field> columns(Options options) {
        return List.of(new Field("label", FieldType.STRING), new Field("score", FieldType.FLOAT64));
    }

    @Override
    public RowTransform transform(Options options) {
        return (row, out) -> {
            if (row.number("score") >= options.score()) {
                out.add().set("label", row.text("label")).set("score", row.number("score"));
            }
        };
    }
}
