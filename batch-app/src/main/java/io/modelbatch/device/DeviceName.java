package io.modelbatch.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of devices for people, as Linux gives them: {@code 8 × Intel(R) Xeon(R) Processor}, {@code 2 × NVIDIA H100}. Elsewhere, and
 * where Linux does not say, {@code 8 × cpu}.
 *
 * @param processor describes processors
 * @param gpus has a folder for each GPU
 */
record DeviceName(Path processor, Path gpus) {
    /** Those of this machine. */
    static final DeviceName HERE = new DeviceName(Path.of("/proc/cpuinfo"), Path.of("/proc/driver/nvidia/gpus"));

    /** The name of some devices of one kind. */
    String of(List<ComputeDevice> devices) {
        return devices.contains(ComputeDevice.CPU)
                ? ComputeEngine.processors() + " × "
                        + value(processor, "model name").orElse("cpu")
                : devices.size() + " × " + gpu().orElse("gpu");
    }

    private Optional<String> gpu() {
        try (Stream<Path> folders = Files.list(gpus)) {
            return folders.sorted()
                    .flatMap(folder -> value(folder.resolve("information"), "Model").stream())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The first value of a key in a file of {@code key : value} lines. */
    private static Optional<String> value(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
