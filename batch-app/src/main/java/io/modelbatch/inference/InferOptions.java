package io.modelbatch.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.AddressPattern;
import io.modelbatch.model.PromptChoice;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.result.ResultOptions.BlockOptions;
import io.modelbatch.result.ResultOptions.Format;
import io.modelbatch.result.ResultOptions.Rejects;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Options of the step that runs a model over the rows.
 *
 * @param model {@code gs://…}, {@code gs://…@latest} or a folder
 * @param trustedSha256 digest of the TorchScript archive that the model is; null for a model without code
 * @param task the model's task
 * @param text column of the text
 * @param textPair column of the second text, for a model of pairs; null for one text
 * @param maxLength tokens a text is cut to; null for as many as the model takes
 * @param to folder of the result, {@code gs://…}
 * @param format of the shards
 * @param topK how many of the best labels; null for the best one
 * @param aggregation the method by which tokens become entities
 * @param longText the way in which a text is handled that is longer than {@code maxLength}
 * @param redact the replacement of entities in a copy of the text; null for no copy
 * @param prompt text that is put before every text; null for the model's default
 * @param promptName one of the model's prompts; null for its default
 * @param dtype numbers that the model computes with
 * @param device the device that computes
 * @param rejects how many rows may be set aside before the step fails
 * @param block rows of a block; null to size it by the rate
 */
public record InferOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("where the model is: gs://bucket/folder, gs://bucket/folder@latest or a folder")
        @Pattern(regexp = AddressPattern.MODEL, message = AddressPattern.MODEL_MESSAGE)
        String model,

        @JsonPropertyDescription("SHA-256 of the model's TorchScript archive, which is code, as sha256sum prints it")
        @Pattern(regexp = SHA256, message = "must be 64 hexadecimal digits, as sha256sum prints them")
        @Nullable
        String trustedSha256,

        @JsonProperty(required = true) @JsonPropertyDescription("task of the model")
        Task task,

        @JsonProperty(required = true) @JsonPropertyDescription("column of the text") @NotBlank
        String text,

        @JsonPropertyDescription("column of the second text, for a model of pairs") @NotBlank @Nullable
        String textPair,

        @JsonPropertyDescription(
                "most tokens of a text, which is truncated to them; without it, as many as the model takes")
        @Min(1)
        @Nullable
        Integer maxLength,

        @JsonProperty(required = true)
        @JsonPropertyDescription("folder of the result, gs://bucket/folder")
        @Pattern(regexp = AddressPattern.BUCKET_FOLDER, message = AddressPattern.BUCKET_FOLDER_MESSAGE)
        String to,

        @JsonProperty(defaultValue = "parquet") @JsonPropertyDescription("format of the result's files")
        Format format,

        @JsonPropertyDescription("how many of the best labels to give, with their scores; without it, the best one")
        @Min(1)
        @Nullable
        Integer topK,

        @JsonProperty(defaultValue = "simple")
        @JsonPropertyDescription("how tokens become entities: aggregation_strategy of Hugging Face's pipeline")
        TokenAggregation aggregation,

        @JsonProperty(defaultValue = "truncate")
        @JsonPropertyDescription("how a text is handled that is longer than the model can read")
        TextModelOptions.LongText longText,

        @JsonPropertyDescription(
                "adds a copy of the text in which the entities are replaced, and removes their texts from the result")
        @Nullable
        RedactOptions redact,

        @JsonPropertyDescription(
                "text that is put before every text, as encode(prompt=) of sentence-transformers; '' for none; without it, the model's default")
        @Nullable
        String prompt,

        @JsonPropertyDescription("name of one of the model's prompts, as encode(prompt_name=)") @NotBlank @Nullable
        String promptName,

        @JsonProperty(defaultValue = "float32")
        @JsonPropertyDescription(
                "type of the numbers that the model computes with; auto and int8 try whether a smaller type is faster and"
                        + " gives the same answers")
        DtypeChoice dtype,

        @JsonProperty(defaultValue = "auto")
        @JsonPropertyDescription("device that computes: auto, cpu, gpu (all GPUs) or one GPU, such as gpu:0")
        @Pattern(regexp = ComputeDevice.PATTERN, message = ComputeDevice.PATTERN_MESSAGE)
        String device,

        @JsonPropertyDescription(
                "how many rows may be set aside before the step fails; without it, 1 % of them, rounded up")
        @Nullable
        Rejects rejects,

        @JsonPropertyDescription("how many rows are processed as a unit; without it, sized by the rate") @Nullable
        BlockOptions block) {
    private static final String SHA256 = "[0-9a-fA-F]{64}";

    /** The {@code dtype} of a job file. */
    public enum DtypeChoice {
        FLOAT32,
        BFLOAT16,
        FLOAT16,
        /** int8 where it is faster and the first rows' answers agree, else float32. */
        INT8,
        /** The same with bfloat16 on a processor, float16 on a GPU. */
        AUTO;

        /** The precision that the job file names; empty where a trial decides. */
        public Optional<Precision> stated() {
            return this == INT8 || this == AUTO ? Optional.empty() : Optional.of(Precision.valueOf(name()));
        }

        /** The precision that a trial compares with float32. */
        public Precision tried(List<ComputeDevice> devices) {
            if (this == INT8) {
                return Precision.INT8;
            }
            return devices.contains(ComputeDevice.CPU) ? Precision.BFLOAT16 : Precision.FLOAT16;
        }
    }

    /** Keys that do not go with the others, and why. */
    public Map<String, String> contradictions() {
        Map<String, String> found = new LinkedHashMap<>();
        if (task != Task.TEXT_CLASSIFICATION && topK != null) {
            found.put("top-k", "belongs to task text-classification, the only one that has labels of whole texts");
        }
        if (task != Task.TEXT_CLASSIFICATION && textPair != null) {
            found.put("text-pair", "belongs to task text-classification; the others read one text");
        }
        if (textPair != null && longText == TextModelOptions.LongText.CHUNK) {
            found.put("long-text", "cannot be chunk with a text-pair: windows of two texts have no order");
        }
        if (task != Task.TOKEN_CLASSIFICATION && aggregation != TokenAggregation.SIMPLE) {
            found.put("aggregation", "belongs to task token-classification, the only one that has entities");
        }
        if (task != Task.FEATURE_EXTRACTION && prompt != null) {
            found.put("prompt", "belongs to task feature-extraction, whose models are trained with prompts");
        }
        if (task != Task.FEATURE_EXTRACTION && promptName != null) {
            found.put("prompt-name", "belongs to task feature-extraction, whose models are trained with prompts");
        } else if (prompt != null && promptName != null) {
            found.put("prompt-name", "cannot be combined with prompt: one is a text, the other a name");
        }
        if (prompt != null && !prompt.isEmpty() && longText == TextModelOptions.LongText.CHUNK) {
            found.put("long-text", "cannot be chunk with a prompt: only the first window would begin with it");
        }
        if (dtype == DtypeChoice.INT8 && device.startsWith("gpu")) {
            found.put("dtype", "cannot be int8 on a GPU, which is faster in float16 and bfloat16; use auto");
        }
        found.putAll(contradictionsOfRedact());
        return found;
    }

    private Map<String, String> contradictionsOfRedact() {
        Map<String, String> found = new LinkedHashMap<>();
        if (redact == null) {
            return found;
        } else if (task != Task.TOKEN_CLASSIFICATION) {
            found.put("redact", "belongs to task token-classification, the only one that has entities");
            return found;
        }
        if (redact.as() == RedactOptions.As.HASH && redact.keyFrom() == null) {
            found.put("redact", "lacks 'key-from', the environment variable with the key of the hashes");
        } else if (redact.as() == RedactOptions.As.LABEL && redact.keyFrom() != null) {
            found.put("redact", "has 'key-from', which belongs to as: hash");
        }
        if (aggregation == TokenAggregation.NONE) {
            found.put("aggregation", "cannot be none with redact, which would replace a name in pieces; use max");
        }
        if (longText != TextModelOptions.LongText.CHUNK) {
            found.merge(
                    "redact",
                    "needs 'long-text: chunk': what a truncated text has after its end would not be checked",
                    (one, other) -> one + "; " + other);
        }
        return found;
    }

    /**
     * The names that columns of the answers can have, whatever the model. The key of the rows must have another name: it is a
     * column beside them.
     */
    public List<String> answerColumns() {
        List<String> names = new ArrayList<>(AnswerColumns.names(task, bestLabels()));
        if (redact != null) {
            names.add(AnswerColumns.REDACTED.name());
        }
        return List.copyOf(names);
    }

    /** The columns of a result beside the key, of those that the model's answers have. */
    public List<RecordSchema.Field> resultColumns(List<RecordSchema.Field> answers) {
        return redact == null
                ? answers
                : Stream.concat(answers.stream(), Stream.of(AnswerColumns.REDACTED))
                        .toList();
    }

    private OptionalInt bestLabels() {
        return topK == null ? OptionalInt.empty() : OptionalInt.of(topK);
    }

    /** Settings of the model on these devices. */
    public TextModelOptions on(List<ComputeDevice> devices) {
        return TextModelOptions.on(devices.toArray(ComputeDevice[]::new))
                .withMaxLength(maxLength == null ? OptionalInt.empty() : OptionalInt.of(maxLength))
                .withTopK(bestLabels())
                .withAggregation(aggregation)
                .withLongText(longText)
                .withPrompt(new PromptChoice(Optional.ofNullable(prompt), Optional.ofNullable(promptName)));
    }

    /** The part of them that every step with a result has. */
    public ResultOptions result() {
        return new ResultOptions(to, format, rejects, block);
    }
}
