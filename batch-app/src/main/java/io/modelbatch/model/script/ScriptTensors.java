package io.modelbatch.model.script;

import io.modelbatch.model.script.ForwardScript.Value;
import io.modelbatch.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tensors that a script reads, and how its archive keeps them: as they are, stacked into one, rearranged once for oneDNN, or
 * computed once from others.
 */
public final class ScriptTensors {
    /** Where nothing is added. */
    public static final String NONE = "None";

    private static final String SELF = "self.";

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    /** The tensors that the archive stores, by name, each stacked from several. */
    private final Map<String, List<String>> stored = new LinkedHashMap<>();
    /** The weights that are packed, by the expression that packs them. */
    private final Map<Value, String> packed = new LinkedHashMap<>();
    /** Attributes that are filled when the weights are packed, by the expression of their value. */
    private final Map<String, String> filled = new LinkedHashMap<>();

    /** A tensor as it is. */
    Value read(String name, Parameter.Role role, long... shape) {
        return stored(List.of(declared(name, role, shape)));
    }

    /** The weights of a dense layer as they are, {@code [out, in]}. */
    Value weight(Dense layer) {
        return stored(weights(layer));
    }

    /** The bias of a dense layer, {@code [out]}; {@code None} where it has none. */
    Object bias(Dense layer) {
        return layer.biased()
                ? stored(layer.names().stream()
                        .map(name -> declared(name + ".bias", Parameter.Role.BIAS, layer.outOfEach()))
                        .toList())
                : NONE;
    }

    /** The weights of a dense layer as oneDNN wants them. */
    Value packedWeight(Dense layer) {
        Value weight = weightToReplace(layer);
        packed.putIfAbsent(weight, reordered(weight.name()));
        return weight;
    }

    /**
     * The weights of a dense layer in int8, as oneDNN wants them.
     *
     * @param numbers from -127 to 127
     * @param scales their factors, {@code [out]}
     * @param zeros as many zeros, which the operator subtracts from them
     */
    record Int8Weight(Value numbers, Value scales, Value zeros) {}

    /**
     * The same in int8: of each output the largest weight is 127 or -127.
     *
     * @param turned how many numbers are turned by {@link #hadamard} at a time before
     */
    Int8Weight int8Weight(Dense layer, int turned) {
        Value plain = weightToReplace(layer);
        String weight = "torch.view_as(" + turned(plain, hadamard(turned), turned) + ", " + plain + ")";
        String name = plain.name().substring(SELF.length());
        Value scales = filled(
                name + "_scales",
                "torch.div(torch.clamp_min(torch.amax(torch.abs(" + weight + "), [1]), 1.0E-30), 127)");
        Value zeros = filled(name + "_zeros", "torch.zeros_like(" + scales + ", dtype=3)");
        String rounded = "torch.to(torch.round_(torch.div(" + weight + ", torch.unsqueeze(" + scales + ", 1))), 1)";
        packed.putIfAbsent(plain, "ops.onednn.qlinear_prepack(" + rounded + ", None)");
        return new Int8Weight(plain, scales, zeros);
    }

    /** Numbers of the last dimension times a matrix, so many at a time, a row each. */
    static String turned(Value x, Value by, int atATime) {
        return "torch.matmul(torch.reshape(" + x + ", [-1, " + atATime + "]), " + by + ")";
    }

    /**
     * Sylvester's matrix, scaled to be orthogonal; it is its own inverse.
     *
     * @param size a power of two
     */
    Value hadamard(int size) {
        String half = "torch.div(torch.tensor([[1., 1.], [1., -1.]]), " + Math.sqrt(2) + ")";
        String all = IntStream.range(0, Integer.numberOfTrailingZeros(size))
                .mapToObj(i -> half)
                .reduce("torch.ones([1, 1], dtype=6, layout=None, device=None)", "torch.kron(%s, %s)"::formatted);
        return filled("hadamard_" + size, all);
    }

    /** The weights of a dense layer as they are at first, by a name that can be assigned to. */
    Value weightToReplace(Dense layer) {
        List<String> parts = weights(layer);
        String name = identifier(String.join("+", parts));
        stored.put(name, parts);
        return new Value(SELF + name);
    }

    /** The same, half of the outputs each. */
    List<Value> packedHalves(Dense layer) {
        Value first = packedWeight(layer);
        String rows = "torch.slice(" + first + ", 0, %d, %d, 1)";
        long half = layer.out() / 2;
        Value second =
                filled(first.name().substring(SELF.length()) + "_second", reordered(rows.formatted(half, layer.out())));
        packed.put(first, reordered(rows.formatted(0, half)));
        return List.of(first, second);
    }

    /** A value that is computed once, before weights are packed. */
    Value constant(Value computed) {
        return filled("constant" + filled.size(), computed.name());
    }

    /** The tensors that are read, in the order of the first use. */
    List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /**
     * The tensors that the archive stores.
     *
     * @param weights at least all {@link #parameters}
     */
    List<Tensor> stored(Map<String, Tensor> weights) {
        List<Tensor> tensors = new ArrayList<>();
        stored.forEach((name, parts) -> {
            List<Tensor> all = parts.stream()
                    .map(part -> Objects.requireNonNull(weights.get(part), part))
                    .toList();
            tensors.add(all.size() == 1 && name.equals(parts.get(0)) ? all.get(0) : Tensor.stacked(name, all));
        });
        filled.keySet().forEach(name -> tensors.add(Tensor.of(name, List.of(0L), () -> new float[0])));
        return tensors;
    }

    /** The lines that declare them; a name that is assigned to is not a parameter. */
    String declarations() {
        String names = stored.keySet().stream()
                .filter(name -> !packed.containsKey(new Value(SELF + name)))
                .map(name -> '"' + name + "\", ")
                .collect(Collectors.joining());
        return "  __parameters__ = [" + names + "]\n  __buffers__ = []\n"
                + Stream.concat(stored.keySet().stream(), filled.keySet().stream())
                        .map(name -> "  __annotations__[\"" + name + "\"] = Tensor\n")
                        .collect(Collectors.joining());
    }

    /** The lines that pack them. A packed weight takes the place of the plain one, whose memory is free then. */
    String packing() {
        StringBuilder packing = new StringBuilder();
        filled.forEach((name, expression) -> packing.append("    self.%s = %s\n".formatted(name, expression)));
        packed.forEach((weight, expression) -> packing.append("    %s = %s\n".formatted(weight, expression)));
        return packing.toString();
    }

    private List<String> weights(Dense layer) {
        return layer.names().stream()
                .map(name -> declared(name + ".weight", Parameter.Role.WEIGHT, layer.outOfEach(), layer.in()))
                .toList();
    }

    private String declared(String name, Parameter.Role role, long... shape) {
        Parameter parameter = new Parameter(name, Arrays.stream(shape).boxed().toList(), role);
        Parameter before = parameters.put(name, parameter);
        if (before != null && !before.equals(parameter)) {
            throw new IllegalStateException(before + " is also read as " + parameter);
        }
        return name;
    }

    private Value stored(List<String> parts) {
        String name = String.join("+", parts);
        stored.put(name, parts);
        return new Value("getattr(self, \"" + name + "\")");
    }

    private Value filled(String name, String expression) {
        filled.put(name, expression);
        return new Value(SELF + name);
    }

    private static String reordered(String weight) {
        return "ops.mkldnn._reorder_linear_weight(" + weight + ", None)";
    }

    /** TorchScript assigns to attributes with plain names only. */
    private static String identifier(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_");
    }
}
