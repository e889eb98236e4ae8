package io.modelbatch.kubernetes;

import io.modelbatch.jobspec.Resources.Gpu;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A machine type of Compute Engine.
 *
 * @param name as {@code g2-standard-4}
 * @param cpu cores
 * @param memory in GiB
 * @param gpu the accelerators; those of an N1 machine are attached to it, others belong to the type
 */
record MachineType(String name, int cpu, int memory, Optional<Gpu> gpu) {
    private static final Map<String, List<MachineType>> WITH_GPU = new TreeMap<>(Map.of(
            "nvidia-l4",
            List.of(
                    gpus("g2-standard-4", 4, 16, "nvidia-l4", 1),
                    gpus("g2-standard-8", 8, 32, "nvidia-l4", 1),
                    gpus("g2-standard-12", 12, 48, "nvidia-l4", 1),
                    gpus("g2-standard-16", 16, 64, "nvidia-l4", 1),
                    gpus("g2-standard-32", 32, 128, "nvidia-l4", 1),
                    gpus("g2-standard-24", 24, 96, "nvidia-l4", 2),
                    gpus("g2-standard-48", 48, 192, "nvidia-l4", 4),
                    gpus("g2-standard-96", 96, 384, "nvidia-l4", 8)),
            "nvidia-tesla-t4",
            Stream.of(1, 2, 4)
                    .flatMap(count -> Stream.of(4, 8, 16, 32)
                            .map(cpu -> gpus("n1-standard-" + cpu, cpu, cpu * 15 / 4, "nvidia-tesla-t4", count)))
                    .toList(),
            "nvidia-tesla-a100",
            Stream.of(1, 2, 4, 8)
                    .map(count -> gpus("a2-highgpu-" + count + "g", 12 * count, 85 * count, "nvidia-tesla-a100", count))
                    .toList(),
            "nvidia-a100-80gb",
            Stream.of(1, 2, 4, 8)
                    .map(count ->
                            gpus("a2-ultragpu-" + count + "g", 12 * count, 170 * count, "nvidia-a100-80gb", count))
                    .toList(),
            "nvidia-h100-80gb",
            Stream.of(1, 2, 4, 8)
                    .map(count -> gpus("a3-highgpu-" + count + "g", 26 * count, 234 * count, "nvidia-h100-80gb", count))
                    .toList()));

    /** From the cheapest on. */
    private static final List<MachineType> WITHOUT_GPU = Stream.of(4, 8, 16, 32)
            .flatMap(cpu -> Stream.of(
                    new MachineType("e2-highmem-" + cpu / 2, cpu / 2, 4 * cpu, Optional.empty()),
                    new MachineType("e2-standard-" + cpu, cpu, 4 * cpu, Optional.empty())))
            .toList();

    private static MachineType gpus(String name, int cpu, int memory, String type, int count) {
        return new MachineType(name, cpu, memory, Optional.of(new Gpu(type, count)));
    }

    /**
     * The smallest type for a machine.
     *
     * @throws DeploymentException when there is none
     */
    static MachineType of(Machine machine) {
        Optional<Gpu> gpu = machine.gpu();
        List<MachineType> types =
                gpu.isEmpty() ? WITHOUT_GPU : WITH_GPU.getOrDefault(gpu.get().type(), List.of());
        if (types.isEmpty()) {
            throw new DeploymentException("resources.gpu.type: there is no machine type for "
                    + gpu.map(Gpu::type).orElse("") + "; there is one for " + String.join(", ", WITH_GPU.keySet()));
        }
        return types.stream()
                .filter(type -> type.gpu().map(Gpu::count).equals(gpu.map(Gpu::count)) && type.holds(machine))
                .findFirst()
                .orElseThrow(() -> new DeploymentException("resources: no machine type has " + described(machine)
                        + "; the types are "
                        + String.join(
                                ", ", types.stream().map(MachineType::described).toList())));
    }

    private boolean holds(Machine machine) {
        return new BigDecimal(machine.cpu()).compareTo(BigDecimal.valueOf(cpu)) <= 0
                && Memory.parse(machine.memory()).compareTo(Memory.gibibytes(memory)) <= 0;
    }

    private static String described(Machine machine) {
        List<String> parts = new ArrayList<>(List.of("cpu: " + machine.cpu(), "memory: " + machine.memory()));
        machine.gpu().ifPresent(gpu -> parts.add("gpu: { type: " + gpu.type() + ", count: " + gpu.count() + " }"));
        return String.join(", ", parts);
    }

    private String described() {
        return name + " (cpu: " + cpu + ", memory: " + memory + "Gi"
                + gpu.map(wanted -> ", count: " + wanted.count()).orElse("") + ")";
    }

    /** True if the accelerators are attached to the machine, rather than a part of its type. */
    boolean attachesGpu() {
        return gpu.isPresent() && name.startsWith("n1-");
    }
}
