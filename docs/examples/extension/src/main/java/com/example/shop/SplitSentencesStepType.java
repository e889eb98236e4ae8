package com.example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.RejectedRowException;
import io.modelbatch.extension.RowTransform;
import io.modelbatch.extension.TransformType;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.result.ResultOptions;
import jakarta.validation.constraints.NotBlank;
import java.util.List;

/** {@code split-sentences}: a row for each sentence of a text, and none for an empty one. */
public final class SplitSentencesStepType implements TransformType<SplitSentencesStepType.Options> {
    public record Options(
            @JsonProperty(required = true) @JsonPropertyDescription("column of the texts") @NotBlank
            String text,

            @JsonUnwrapped ResultOptions result) {}

    @Override
    public String key() {
        return "split-sentences";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "the sentences of texts";
    }

    @Override
    public ResultOptions result(Options options) {
        return options.result();
    }

    @Override
    public List<ColumnUse> reads(Options options) {
        return List.of(new ColumnUse("text", options.text()));
    }

    @Override
    public Keys keys() {
        return Keys.NUMBERED;
    }

    @Override
    public List<Field> columns(Options options) {
        return List.of(new Field("sentence", FieldType.STRING), new Field("words", FieldType.INT64));
    }

    @Override
    public RowTransform transform(Options options) {
        return (row, out) -> {
            String text = row.text(options.text());
            if (text == null) {
                throw new RejectedRowException("has no text");
            }
            for (String sentence : text.split("(?<=[.!?])\\s+")) {
                if (!sentence.isBlank()) {
                    out.add().set("sentence", sentence).set("words", sentence.split("\\s+").length);
                }
            }
        };
    }
}
