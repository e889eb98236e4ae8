package io.modelbatch.model.tensor;

import io.modelbatch.base.DisplayPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a safetensors header against itself and the file. */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final Map<String, Integer> WIDTHS = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8));

    private final DisplayPath file;
    private final long dataStart;
    private final long fileLength;

    private record Extent(String name, long begin, long end) {}

    SafetensorsHeader(DisplayPath file, long dataStart, long fileLength) {
        this.file = file;
        this.dataStart = dataStart;
        this.fileLength = fileLength;
    }

    Map<String, Tensor> tensors(ObjectNode header) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Extent> extents = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                Extent extent = extent(entry.getKey(), entry.getValue());
                tensors.put(entry.getKey(), tensor(extent, entry.getValue()));
                extents.add(extent);
            }
        }
        checkGapless(extents);
        return tensors;
    }

    private Extent extent(String name, JsonNode entry) {
        JsonNode offsets = entry.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2) {
            throw damaged(name, "has no pair of data_offsets");
        }
        long begin = natural(offsets.get(0), name);
        long end = natural(offsets.get(1), name);
        if (begin > end || end > fileLength - dataStart) {
            throw damaged(
                    name,
                    "lies at " + begin + " to " + end + ", but the file has " + (fileLength - dataStart)
                            + " bytes of data");
        }
        return new Extent(name, begin, end);
    }

    private StoredTensor tensor(Extent extent, JsonNode entry) {
        JsonNode type = entry.path("dtype");
        if (!type.isString() || !entry.path("shape").isArray()) {
            throw damaged(extent.name(), "has no dtype or no shape");
        }
        List<Long> shape = new ArrayList<>();
        for (JsonNode dimension : entry.path("shape")) {
            shape.add(natural(dimension, extent.name()));
        }
        checkLength(extent, shape, WIDTHS.get(type.stringValue()));
        return new StoredTensor(
                file, extent.name(), type.stringValue(), List.copyOf(shape), dataStart + extent.begin());
    }

    private void checkLength(Extent extent, List<Long> shape, @Nullable Integer width) {
        if (width == null) {
            return; // A type from the future: refused by name when it is read.
        }
        long bytes = width;
        try {
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw damaged(extent.name(), "has the impossible shape " + shape);
        }
        if (bytes != extent.end() - extent.begin()) {
            throw damaged(
                    extent.name(),
                    "takes " + bytes + " bytes by its shape " + shape + ", but " + (extent.end() - extent.begin())
                            + " by its offsets");
        }
    }

    /** Overlaps would let one tensor read another's numbers; holes would hide bytes that no checksum of tensors sees. */
    private void checkGapless(List<Extent> extents) {
        extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
        long position = 0;
        for (Extent extent : extents) {
            if (extent.begin() != position) {
                throw damaged(
                        extent.name(),
                        (extent.begin() < position ? "overlaps the one before it" : "leaves a gap before it")
                                + ": it begins at " + extent.begin() + ", expected " + position);
            }
            position = extent.end();
        }
        if (position != fileLength - dataStart) {
            throw Safetensors.damaged(
                    file, "its tensors take " + position + " bytes, but it has " + (fileLength - dataStart));
        }
    }

    private long natural(JsonNode node, String name) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw damaged(name, "has '" + node + "' in place of a number of bytes or a dimension");
        }
        return node.longValue();
    }

    private ModelException damaged(String name, String cause) {
        return Safetensors.damaged(file, "tensor " + name + " " + cause);
    }
}
