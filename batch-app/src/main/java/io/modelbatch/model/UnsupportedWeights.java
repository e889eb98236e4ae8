package io.modelbatch.model;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Weights in formats that are not read here, and what can be done instead. Pickles come last: a directory may have some beside its weights. */
enum UnsupportedWeights {
    PART(
            ".+-[0-9]{5}-of-[0-9]{5}\\.safetensors",
            "is one shard of the weights, but " + ModelFiles.INDEX
                    + " is missing, the index of the shards; copy the whole model directory again"),
    ADAPTER(
            "adapter_model\\.(safetensors|bin)",
            "has the weights of an adapter to another model, but adapter_config.json is missing; copy the whole adapter"
                    + " again, then merge it into its model"),
    TENSORFLOW(
            ".+\\.h5|saved_model\\.pb|.+\\.ckpt\\.index|.+\\.tflite",
            "has weights of TensorFlow. A tf_model.h5 is converted once, in Python with transformers 4 and TensorFlow:"
                    + " AutoModelForSequenceClassification.from_pretrained('DIRECTORY', from_tf=True).save_pretrained('NEW')"),
    FLAX(
            ".+\\.msgpack",
            "has weights of Flax. Convert it once, in Python with transformers 4 and Flax:"
                    + " AutoModelForSequenceClassification.from_pretrained('DIRECTORY', from_flax=True).save_pretrained('NEW')"),
    ONNX(
            ".+\\.onnx|onnx",
            "is ONNX, which does not run here. Use the PyTorch model that it was exported from: as save_pretrained leaves"
                    + " it, or as a TorchScript archive of your own, see docs/models.md"),
    OPENVINO(
            "openvino_.+",
            "is OpenVINO's, which does not run here. Use the PyTorch model that it was exported from: as save_pretrained"
                    + " leaves it, or as a TorchScript archive of your own, see docs/models.md"),
    GGUF(
            ".+\\.gguf",
            "is GGUF, the quantized format of llama.cpp, which does not run here. Use the model that it was made from, as"
                    + " save_pretrained leaves it, if it is one of those in docs/models.md"),
    PICKLE(
            "pytorch_model.*\\.bin|.+\\.(bin|pt|pth|ckpt|pkl|pickle)",
            "is a pickle, which can run code when it is read. Convert it once where you trust it, in Python:"
                    + " AutoModelForSequenceClassification.from_pretrained('DIRECTORY').save_pretrained('NEW') writes "
                    + ModelFiles.WEIGHTS),
    OTHER_NAME(
            ".+\\.safetensors",
            "is not read under this name. If it has the model's weights, name it " + ModelFiles.WEIGHTS);

    /** Files that {@code Trainer} leaves beside the weights. */
    private static final Pattern OF_TRAINING =
            Pattern.compile("(optimizer|scheduler|training_args|rng_state|scaler).*");

    private final Pattern names;
    private final String words;

    UnsupportedWeights(String names, String words) {
        this.names = Pattern.compile(names, Pattern.DOTALL);
        this.words = words;
    }

    /**
     * Finds weights of a format that is not supported.
     *
     * @param names of all that lies there
     * @return the name of one file, and the words about it
     */
    static Optional<String> in(Collection<String> names) {
        for (UnsupportedWeights format : values()) {
            Optional<String> found = names.stream()
                    .filter(name -> format.names.matcher(name).matches())
                    .filter(name -> !OF_TRAINING.matcher(name).matches())
                    .sorted()
                    .findFirst();
            if (found.isPresent()) {
                return Optional.of(found.get() + " " + format.words);
            }
        }
        return Optional.empty();
    }
}
