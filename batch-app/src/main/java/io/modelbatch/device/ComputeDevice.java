package io.modelbatch.device;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that computes.
 *
 * @param kind processor or graphics card
 * @param index which card, from 0; 0 for the processor
 */
public record ComputeDevice(Kind kind, int index) {
    /** The processor. */
    public static final ComputeDevice CPU = new ComputeDevice(Kind.CPU, 0);

    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

    /** Processor or graphics card. */
    public enum Kind {
        CPU,
        GPU
    }

    /**
     * Finds what a job file asks for: {@code auto} (the first card, or the processor where there is none), {@code cpu},
     * {@code gpu} or {@code gpu:1}.
     *
     * @param gpus number of cards, as {@link ComputeEngine#gpus} counts them
     * @throws DeviceException when there is no such device
     */
    public static ComputeDevice choose(String name, int gpus) {
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return CPU;
        }
        Matcher matcher = GPU.matcher(name.equals("auto") ? "gpu" : name);
        if (!matcher.matches()) {
            throw new DeviceException("'" + name + "' is no device; known are auto, cpu, gpu and gpu:0, gpu:1, …");
        }
        int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        if (index >= gpus) {
            throw new DeviceException("There is no " + name + ": the engine sees " + gpus
                    + " graphics cards. A card needs the CUDA libraries (PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR, see the"
                    + " image) and the driver; device: cpu computes without");
        }
        return new ComputeDevice(Kind.GPU, index);
    }

    @Override
    public String toString() {
        return kind == Kind.CPU ? "cpu" : "gpu:" + index;
    }
}
