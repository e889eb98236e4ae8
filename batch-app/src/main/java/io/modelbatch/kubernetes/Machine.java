package io.modelbatch.kubernetes;

import io.modelbatch.jobspec.Resources;
import io.modelbatch.jobspec.Resources.Gpu;
import io.modelbatch.jobspec.Resources.Spot;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machine of a process.
 *
 * @param cpu cores
 * @param memory as Kubernetes writes it
 * @param gpu its accelerators
 * @param spot empty where it may not be taken away
 */
record Machine(String cpu, String memory, Optional<Gpu> gpu, Optional<Spot> spot) {
    /** Enough for a small model on the processor, and for a process that waits. */
    static final Machine SMALL = new Machine("2", "4Gi", Optional.empty(), Optional.empty());

    /** With a GPU: enough to read a model, and to tokenize its texts. */
    private static final String CPU_BESIDE_GPU = "4";

    private static final String MEMORY_BESIDE_GPU = "16Gi";

    /** The machine that a job file asks for. */
    static Machine of(@Nullable Resources resources) {
        if (resources == null) {
            return SMALL;
        }
        Optional<Gpu> gpu = Optional.ofNullable(resources.gpu());
        return new Machine(
                Optional.ofNullable(resources.cpu())
                        .map(BigDecimal::stripTrailingZeros)
                        .map(BigDecimal::toPlainString)
                        .orElse(gpu.isPresent() ? CPU_BESIDE_GPU : SMALL.cpu),
                Optional.ofNullable(resources.memory()).orElse(gpu.isPresent() ? MEMORY_BESIDE_GPU : SMALL.memory),
                gpu,
                Optional.ofNullable(resources.spot()));
    }

    /** Partitions that a worker executes at a time: of each GPU, or of the processor, one reads or uploads while another computes. */
    int partitions() {
        return 2 * gpu.map(Gpu::count).orElse(1);
    }

    /** True if a run that loses too many workers on such machines asks for others, which stay. */
    boolean fallsBack() {
        return spot.map(Spot::fallbackAfter).isPresent();
    }

    /** The same machine, which stays. */
    Machine onDemand() {
        return new Machine(cpu, memory, gpu, Optional.empty());
    }

    /** The container's requests and limits, which are the same: nothing is promised that another pod may use. */
    Map<String, String> quantities(String disk) {
        Map<String, String> quantities = new LinkedHashMap<>();
        quantities.put("cpu", cpu);
        quantities.put("memory", memory);
        quantities.put("ephemeral-storage", disk);
        gpu.ifPresent(wanted -> quantities.put("nvidia.com/gpu", String.valueOf(wanted.count())));
        return quantities;
    }
}
