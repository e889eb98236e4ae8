package io.modelbatch.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.script.ScriptModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rate of a device at its best: a product of two large square matrices. Where such a product takes long, smaller ones are measured:
 * a processor without instructions for a type of numbers computes it a hundred times more slowly.
 */
public final class MatrixPeak {
    private static final int SMALLEST = 256;
    private static final int LARGEST = 2_048;
    /** Of one product. Each is computed twice in each try. */
    private static final double MOST_SECONDS = 0.5;

    private static final int TRIES = 5;
    private static final String PLAIN = "torch.matmul(y, y)";
    /** As archives for x86 processors compute it; the packing is a hundredth of the time. */
    private static final String PACKED =
            "ops.mkldnn._linear_pointwise(y, ops.mkldnn._reorder_linear_weight(y, None), None,"
                    + " \"none\", annotate(List[Optional[number]], []), \"\")";

    private static final String INT8 =
            "ops.onednn.qlinear_pointwise(torch.add(torch.to(torch.to(y, 1), 0), 128), 1., 128,"
                    + " ops.onednn.qlinear_prepack(torch.to(y, 1), None), torch.select(y, 0, 0),"
                    + " torch.zeros_like(torch.select(y, 0, 0), dtype=3), None, 1., 0, 6,"
                    + " \"none\", annotate(List[Optional[number]], []), \"\")";

    private MatrixPeak() {}

    /**
     * Measures it, in 10^9 operations a second, the best of a few.
     *
     * @param how the threads that compute it together
     */
    public static double gflops(Precision precision, TextModelOptions how) throws IOException {
        if (precision == Precision.INT8) {
            return gflops(INT8, precision, how);
        }
        double plain = gflops(PLAIN, precision, how);
        if (how.onCards() || !ProcessorPrecision.packs(precision)) {
            return plain;
        }
        try {
            return Math.max(plain, gflops(PACKED, precision, how));
        } catch (EngineException e) {
            return plain; // a processor without such products in this type
        }
    }

    private static double gflops(String product, Precision precision, TextModelOptions how) throws IOException {
        Path archive = Files.createTempFile("modelbatch-peak", ".pt");
        Files.delete(archive);
        ComputeEngine engine = ComputeEngine.start();
        ComputeEngine.useThreads(how.threads());
        try (Model model = Model.newInstance("peak", engine.device(how.devices().get(0)), ComputeEngine.NAME)) {
            TorchScriptArchive.write(archive, module(product, precision));
            model.load(archive);
            int size = size(model);
            double best = 0;
            for (int i = 0; i < TRIES; i++) {
                best = Math.max(best, 2.0 * size * size * size / nanos(model, size));
            }
            return best;
        } catch (MalformedModelException e) {
            throw new IllegalStateException(e);
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /** Twice the size takes eight times as long. */
    private static int size(Model model) {
        int size = SMALLEST;
        while (size < LARGEST && 8 * nanos(model, size) < MOST_SECONDS * 1e9) {
            size *= 2;
        }
        return size;
    }

    private static long nanos(Model model, int length) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList size = new NDList(manager.ones(new Shape(length, length)));
            ParameterStore parameters = new ParameterStore(manager, false);
            NDList cast = model.getBlock().forward(parameters, size, false);
            float first = cast.singletonOrThrow().getFloat();
            long start = System.nanoTime();
            float again = model.getBlock()
                    .forward(parameters, size, false)
                    .singletonOrThrow()
                    .getFloat();
            long nanos = System.nanoTime() - start;
            if (first != again) {
                throw new IllegalStateException("A product of ones is " + first + " and " + again);
            }
            return nanos;
        }
    }

    private static ScriptModule module(String product, Precision precision) {
        String source =
                """
                class Product(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.%1$s.Product, x: Tensor) -> Tensor:
                    y = torch.to(x, %2$d)
                    return torch.to(torch.select(torch.select(%3$s, 0, 0), 0, 0), 6)
                """.formatted(ScriptModule.SOURCE_NAME, precision.dtype().torchCode(), product);
        return new ScriptModule(
                "Product", source, precision.dtype(), ScriptModule.Gradients.NONE, List.of(), List.of("training"));
    }
}
