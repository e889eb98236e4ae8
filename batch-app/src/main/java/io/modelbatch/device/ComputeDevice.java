package io.modelbatch.device;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One thing that computes.
 *
 * @param kind processor or GPU
 * @param index which GPU, from 0; 0 for the processor
 */
public record ComputeDevice(Kind kind, int index) {
    /** The processor. */
    public static final ComputeDevice CPU = new ComputeDevice(Kind.CPU, 0);

    /** The names of devices in job files. */
    public static final String PATTERN = "auto|cpu|gpu(:[0-9]{1,2})?";

    /** The message for a name that {@link #PATTERN} does not match. */
    public static final String PATTERN_MESSAGE = "must be auto, cpu, gpu or one GPU such as gpu:0";

    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

    /** Processor or GPU. */
    public enum Kind {
        CPU,
        GPU
    }

    /** As {@link ComputeEngine#devices}, where there are so many GPUs. */
    static List<ComputeDevice> choose(String name, int gpus) {
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return List.of(CPU);
        }
        Matcher matcher = GPU.matcher(name.equals("auto") ? "gpu" : name);
        if (!matcher.matches()) {
            throw new DeviceException("'" + name + "' is not a device; allowed are auto, cpu, gpu and gpu:0, gpu:1, …");
        }
        int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        if (index >= gpus) {
            throw new DeviceException("There is no " + name + ": the engine sees " + gpus
                    + " GPUs. A GPU needs the CUDA libraries (PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR, see the image) and"
                    + " the driver; device: cpu needs no GPU");
        }
        return matcher.group(1) != null
                ? List.of(new ComputeDevice(Kind.GPU, index))
                : IntStream.range(0, gpus)
                        .mapToObj(gpu -> new ComputeDevice(Kind.GPU, gpu))
                        .toList();
    }

    /**
     * Refuses a device that has no fast and exact products of whole numbers of 8 bits.
     *
     * @throws DeviceException when it is a GPU, or a processor without VNNI and AMX
     */
    public void requireInt8() {
        if (kind == Kind.GPU) {
            throw new DeviceException(
                    "int8 is for processors, and " + this + " is a GPU; use dtype: auto or device: cpu");
        } else if (!Processor.ofThisMachine().multipliesInt8()) {
            throw new DeviceException(
                    "This processor has no int8 matrix instructions (VNNI or AMX: Intel from Cascade Lake on, AMD from"
                            + " Zen 4 on). Use dtype: auto. A run that began in int8 can only be resumed on such a processor; again=true"
                            + " starts a new run");
        }
    }

    @Override
    public String toString() {
        return kind == Kind.CPU ? "cpu" : "gpu:" + index;
    }
}
