package io.modelbatch.model;

import com.google.common.base.Splitter;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of a model directory: in one safetensors file, or in several that an index lists. Their names are those of the model, also
 * where it was saved inside a wrapper of PyTorch.
 */
final class StoredWeights {
    /** Parts of names that wrappers add, anywhere: DataParallel and averaged models, torch.compile, FSDP, checkpointed layers. */
    private static final Set<String> WRAPPERS =
            Set.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

    private StoredWeights() {}

    static Map<String, Tensor> open(DisplayPath directory) throws IOException {
        DisplayPath single = directory.resolve(ModelFiles.WEIGHTS);
        return ModelFile.exists(single)
                ? file(single)
                : unwrapped(sharded(directory), directory.resolve(ModelFiles.INDEX));
    }

    /** Those of one file. */
    static Map<String, Tensor> file(DisplayPath file) throws IOException {
        return unwrapped(Safetensors.open(file).tensors(), file);
    }

    /** The same numbers under two names may differ, so that a choice would be a guess. */
    private static Map<String, Tensor> unwrapped(Map<String, Tensor> tensors, DisplayPath file) {
        Map<String, Tensor> unwrapped = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String plain = Splitter.on('.')
                    .splitToStream(name)
                    .filter(part -> !WRAPPERS.contains(part))
                    .collect(Collectors.joining("."));
            if (unwrapped.put(plain, tensor) != null) {
                throw new ModelException(file + " has tensor " + plain + " twice: by itself, and inside a wrapper of"
                        + " PyTorch (" + String.join(", ", new TreeSet<>(WRAPPERS)) + "). It is ambiguous which one is"
                        + " meant; save the model again without the wrapper");
            }
        });
        return unwrapped;
    }

    private static Map<String, Tensor> sharded(DisplayPath directory) throws IOException {
        DisplayPath index = directory.resolve(ModelFiles.INDEX);
        JsonNode map = Json.object(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new ModelException(index + " has no weight_map; it is damaged, copy it again");
        }
        Map<String, Safetensors> shards = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = shardName(index, entry.getKey(), entry.getValue());
            if (!shards.containsKey(shard)) {
                shards.put(shard, Safetensors.open(directory.resolve(shard)));
            }
            Tensor tensor = Optional.ofNullable(shards.get(shard).tensors().get(entry.getKey()))
                    .orElseThrow(() -> new ModelException(index + " says that tensor " + entry.getKey() + " is in "
                            + shard + ", but it is not; copy the whole directory again"));
            tensors.put(entry.getKey(), tensor);
        }
        return tensors;
    }

    /** A name in the index must not lead out of the directory. */
    private static String shardName(DisplayPath index, String tensor, JsonNode value) {
        if (!value.isString() || !value.stringValue().matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
            throw new ModelException(index + ": tensor " + tensor + " is said to be in " + value
                    + ", which is not a safetensors file here");
        }
        return value.stringValue();
    }
}
