package io.modelbatch.training.optimizer;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * AdamW (Loshchilov and Hutter, 2019) as PyTorch's fused kernel computes it, after clipping by the norm of all gradients together
 * as {@code torch.nn.utils.clip_grad_norm_} does. A small TorchScript module does one step for all parameters in one call.
 * Weights decay, biases and normalisations do not, as in transformers' Trainer.
 */
public final class Optimizer implements AutoCloseable {
    private static final String AVERAGE = "exp_avg.";
    private static final String SQUARE = "exp_avg_sq.";

    /** The prefixes of the tensors that the optimizer keeps for a parameter. */
    public static final List<String> REMEMBERED = List.of(AVERAGE, SQUARE);

    private static final Pattern CONSTANT = Pattern.compile("bias|layernorm|rmsnorm|(^|[._])norm([.]|$)");

    private final Model model;
    private final NDManager manager;
    private final List<Slot> slots = new ArrayList<>();

    /** A parameter, and what AdamW remembers of it. */
    private record Slot(String name, NDArray parameter, NDArray average, NDArray square, NDArray step) {
        String group() {
            return decays(name) ? "d" : "n";
        }
    }

    /** True if a parameter decays, by its name: so does transformers' Trainer tell, which also takes a table of biases for one. */
    static boolean decays(String name) {
        return !CONSTANT.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    private Optimizer(Model model) {
        this.model = model;
        this.manager = model.getNDManager().newSubManager();
    }

    /**
     * An optimizer for these parameters.
     *
     * @param folder for the module's archive
     * @param device the device of the parameters
     * @param memory the state of an earlier optimizer; empty before the first step
     * @param step the optimizer steps that were done
     */
    public static Optimizer create(
            Path folder,
            OptimizerOptions options,
            ComputeDevice device,
            Map<String, NDArray> parameters,
            Map<String, Tensor> memory,
            long step)
            throws IOException {
        Path archive = folder.resolve("optimizer.pt");
        TorchScriptArchive.write(
                archive,
                new ScriptModule(
                        "AdamW",
                        source(options),
                        Dtype.FLOAT32,
                        ScriptModule.Gradients.NONE,
                        List.of(),
                        List.of("training")));
        Optimizer optimizer = new Optimizer(
                Model.newInstance("optimizer", ComputeEngine.start().device(device), ComputeEngine.NAME));
        try {
            optimizer.model.load(archive);
            for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
                optimizer.add(parameter.getKey(), parameter.getValue(), memory, step);
            }
            return optimizer;
        } catch (MalformedModelException e) {
            optimizer.close();
            throw new IllegalStateException(e);
        } catch (IOException | RuntimeException e) {
            optimizer.close();
            throw e;
        }
    }

    private void add(String name, NDArray parameter, Map<String, Tensor> memory, long step) throws IOException {
        slots.add(new Slot(
                name,
                parameter,
                remembered(AVERAGE + name, parameter.getShape(), memory),
                remembered(SQUARE + name, parameter.getShape(), memory),
                manager.create((float) step)));
    }

    private NDArray remembered(String name, Shape shape, Map<String, Tensor> memory) throws IOException {
        Tensor tensor = memory.get(name);
        return tensor == null ? manager.zeros(shape, DataType.FLOAT32) : manager.create(tensor.values(), shape);
    }

    /** One step on the gradients, which are zero afterwards. Returns their norm before clipping. */
    public float step(double learningRate) {
        try (NDManager pass = manager.newSubManager()) {
            NDList inputs = new NDList();
            for (String group : List.of("d", "n")) {
                List<Slot> members = slots.stream()
                        .filter(slot -> slot.group().equals(group))
                        .toList();
                members.forEach(slot -> inputs.add(named(slot.parameter, "p" + group)));
                members.forEach(slot -> inputs.add(named(gradient(slot, pass), "g" + group)));
                members.forEach(slot -> inputs.add(named(slot.average, "m" + group)));
                members.forEach(slot -> inputs.add(named(slot.square, "v" + group)));
                members.forEach(slot -> inputs.add(named(slot.step, "s" + group)));
            }
            inputs.add(pass.create((float) learningRate));
            return model.getBlock()
                    .forward(new ParameterStore(pass, false), inputs, false)
                    .singletonOrThrow()
                    .getFloat();
        }
    }

    /** The state of the optimizer: the running averages of the gradients and of their squares. */
    public Map<String, NDArray> memory() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (Slot slot : slots) {
            arrays.put(AVERAGE + slot.name, slot.average);
            arrays.put(SQUARE + slot.name, slot.square);
        }
        return arrays;
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }

    private static NDArray gradient(Slot slot, NDManager pass) {
        NDArray gradient = slot.parameter.getGradient();
        gradient.attach(pass);
        return gradient;
    }

    /** DJL gathers arrays named {@code x[]} into one list. */
    private static NDArray named(NDArray array, String list) {
        array.setName(list + "[]");
        return array;
    }

    private static String source(OptimizerOptions options) {
        String clip = options.maxGradNorm() == 0 ? "" : """
                      coefficient = torch.clamp(torch.div(%s, torch.add(norm, 9.9999999999999995e-07)), None, 1.)
                      _0 = torch._foreach_mul_(gd, coefficient)
                      _1 = torch._foreach_mul_(gn, coefficient)
                  """.formatted(number(options.maxGradNorm()));
        return """
                class AdamW(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.module.AdamW,
                      pd: List[Tensor], gd: List[Tensor], md: List[Tensor], vd: List[Tensor], sd: List[Tensor],
                      pn: List[Tensor], gn: List[Tensor], mn: List[Tensor], vn: List[Tensor], sn: List[Tensor],
                      lr: Tensor) -> Tensor:
                    norms = torch.add(torch._foreach_norm(gd, 2), torch._foreach_norm(gn, 2))
                    norm = torch.linalg_vector_norm(torch.stack(norms))
                %s
                    _2 = torch._foreach_add_(sd, 1)
                    _3 = torch._foreach_add_(sn, 1)
                    rate = float(lr)
                %s
                %s
                    _4 = torch._foreach_zero_(gd)
                    _5 = torch._foreach_zero_(gn)
                    return norm
                """.formatted(clip, fused("d", options.weightDecay(), options), fused("n", 0, options));
    }

    private static String fused(String group, double decay, OptimizerOptions options) {
        return "    _f%1$s = torch._fused_adamw_(p%1$s, g%1$s, m%1$s, v%1$s, annotate(List[Tensor], []), s%1$s, lr=rate, beta1=%2$s, beta2=%3$s, weight_decay=%4$s, eps=%5$s, amsgrad=False, maximize=False)"
                .formatted(
                        group,
                        number(options.adamBeta1()),
                        number(options.adamBeta2()),
                        number(decay),
                        number(options.adamEpsilon()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.17e", value);
    }
}
