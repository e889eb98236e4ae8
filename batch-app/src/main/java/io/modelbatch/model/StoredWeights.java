package io.modelbatch.model;

import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The tensors of a model directory: in one safetensors file, or in several that an index lists. */
final class StoredWeights {
    private StoredWeights() {}

    static Map<String, Tensor> open(Path directory) throws IOException {
        Path single = directory.resolve(ModelFiles.WEIGHTS);
        return ModelFile.exists(single) ? Safetensors.open(single).tensors() : sharded(directory);
    }

    private static Map<String, Tensor> sharded(Path directory) throws IOException {
        Path index = directory.resolve(ModelFiles.INDEX);
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
    private static String shardName(Path index, String tensor, JsonNode value) {
        if (!value.isString() || !value.stringValue().matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
            throw new ModelException(index + ": tensor " + tensor + " is said to be in " + value
                    + ", which is no safetensors file here");
        }
        return value.stringValue();
    }
}
