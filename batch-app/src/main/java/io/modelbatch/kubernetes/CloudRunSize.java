package io.modelbatch.kubernetes;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The size of a task of Cloud Run: the smallest that it offers for a machine.
 *
 * @param cpu cores
 * @param memory of the task, which also holds the files that it writes
 * @param gpu whether it has an accelerator
 */
record CloudRunSize(int cpu, Memory memory, boolean gpu) {
    /** The accelerator that tasks can have, one each. */
    static final String GPU = "nvidia-l4";

    private static final int CPU_BESIDE_GPU = 4;
    private static final Memory MEMORY_BESIDE_GPU = Memory.gibibytes(16);
    private static final Memory LEAST = Memory.gibibytes(1);

    /** The most memory that so many cores can have. */
    private static final Map<Integer, Memory> MOST = new TreeMap<>(Map.of(
            1, Memory.gibibytes(4),
            2, Memory.gibibytes(8),
            4, Memory.gibibytes(16),
            6, Memory.gibibytes(24),
            8, Memory.gibibytes(32)));

    /**
     * The size for a machine.
     *
     * @throws DeploymentException when Cloud Run has none, with all that is too much
     */
    static CloudRunSize of(Machine machine) {
        BigDecimal cpu = new BigDecimal(machine.cpu());
        Memory memory = Memory.parse(machine.memory());
        refuse(machine, cpu, memory);
        boolean gpu = machine.gpu().isPresent();
        Memory enough = max(memory, gpu ? MEMORY_BESIDE_GPU : LEAST);
        int cores = MOST.entrySet().stream()
                .filter(size -> size.getValue().compareTo(enough) >= 0)
                .mapToInt(Map.Entry::getKey)
                .filter(size -> cpu.compareTo(BigDecimal.valueOf(size)) <= 0 && (!gpu || size >= CPU_BESIDE_GPU))
                .findFirst()
                .orElseThrow();
        return new CloudRunSize(cores, enough, gpu);
    }

    private static void refuse(Machine machine, BigDecimal cpu, Memory memory) {
        List<String> problems = new ArrayList<>();
        if (cpu.compareTo(BigDecimal.valueOf(8)) > 0) {
            problems.add("resources.cpu: a task of Cloud Run has 8 cores at most, not " + machine.cpu());
        }
        if (memory.compareTo(Memory.gibibytes(32)) > 0) {
            problems.add("resources.memory: a task of Cloud Run has 32Gi at most, not " + machine.memory());
        }
        machine.gpu()
                .filter(gpu -> !gpu.type().equals(GPU))
                .ifPresent(gpu -> problems.add("resources.gpu.type: a task of Cloud Run has a GPU of the type " + GPU
                        + ", not " + gpu.type()));
        machine.gpu()
                .filter(gpu -> gpu.count() > 1)
                .ifPresent(gpu ->
                        problems.add("resources.gpu.count: a task of Cloud Run has one GPU, not " + gpu.count()));
        if (!problems.isEmpty()) {
            problems.add("--target=compute and --target=vertex have larger machines");
            throw new DeploymentException(String.join(System.lineSeparator(), problems));
        }
    }

    private static Memory max(Memory one, Memory other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** The limits of the container. */
    Map<String, String> limits() {
        Map<String, String> limits = new LinkedHashMap<>();
        limits.put("cpu", String.valueOf(cpu));
        limits.put("memory", memory.toString());
        if (gpu) {
            limits.put("nvidia.com/gpu", "1");
        }
        return limits;
    }
}
