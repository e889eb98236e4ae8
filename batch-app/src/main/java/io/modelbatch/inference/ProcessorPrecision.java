package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.Processor;
import io.modelbatch.model.script.Precision;
import java.util.List;
import java.util.Optional;

/** The types of numbers that this machine's processor computes in. */
public final class ProcessorPrecision {
    private ProcessorPrecision() {}

    /** True when archives with packed weights are loaded: see {@link io.modelbatch.model.script.ArchiveVariant.Layout#PACKED}. */
    public static boolean packs(Precision precision) {
        Processor processor = Processor.ofThisMachine();
        return switch (precision) {
            case FLOAT32 -> processor.packsFloat32();
            case BFLOAT16 -> processor.packsBfloat16();
            case FLOAT16 -> false;
            case INT8 -> processor.multipliesInt8();
        };
    }

    /** A sentence for the user where a type is slower than float32 on these devices; empty where it is not, as on every GPU. */
    public static Optional<String> slower(Precision precision, List<ComputeDevice> devices) {
        Processor processor = Processor.ofThisMachine();
        boolean fast = !devices.contains(ComputeDevice.CPU)
                || switch (precision) {
                    case FLOAT32, INT8 -> true;
                    case BFLOAT16 -> processor.multipliesBfloat16();
                    case FLOAT16 -> processor.multipliesFloat16();
                };
        return fast
                ? Optional.empty()
                : Optional.of("this processor has no instructions for " + precision
                        + ", which is 2 to 50 times as slow here as float32; use float32 or auto");
    }
}
