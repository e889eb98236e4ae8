package io.modelbatch.bench;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a benchmark.
 *
 * @param model where the model is, as job files say it
 * @param trustedSha256 digest of the TorchScript archive that the model is; empty for a model without code
 * @param task its task
 * @param rows a file with a JSON object a line, of which {@code text} is the text and {@code id} the key, if there is one
 * @param precision the numbers that its products are computed with
 * @param how devices, threads and limits
 * @param out where the answers go, a folder; empty to throw them away
 */
public record BenchOptions(
        String model,
        Optional<String> trustedSha256,
        Task task,
        Path rows,
        Precision precision,
        TextModelOptions how,
        Optional<Path> out) {
    /**
     * As a command line says it.
     *
     * @param threads cores that compute; 0 for all
     * @param out null to throw the answers away
     * @throws BenchException when a word is none of those that are known
     */
    public static BenchOptions of(
            String model, String task, Path rows, String dtype, String device, int threads, @Nullable Path out) {
        return new BenchOptions(
                model,
                Optional.empty(),
                constant(Task.class, "--task", task),
                rows,
                constant(Precision.class, "--dtype", dtype),
                how(device, threads),
                Optional.ofNullable(out));
    }

    /** With a TorchScript archive that may be loaded; null for none. */
    public BenchOptions trusting(@Nullable String sha256) {
        return new BenchOptions(model, Optional.ofNullable(sha256), task, rows, precision, how, out);
    }

    /**
     * Models with random weights, of two sizes that many real ones have, each in two types.
     *
     * @param cache where they are kept
     * @param threads cores that compute; 0 for all
     */
    public static List<BenchOptions> standardSet(Path cache, String device, int threads) throws IOException {
        List<BenchOptions> all = new ArrayList<>();
        for (StandardModel model : StandardModel.values()) {
            Path directory = model.write(cache.resolve("bench"));
            for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
                all.add(new BenchOptions(
                        directory.toString(),
                        Optional.empty(),
                        Task.TEXT_CLASSIFICATION,
                        model.rows(directory),
                        precision,
                        how(device, threads),
                        Optional.empty()));
            }
        }
        return all;
    }

    private static TextModelOptions how(String device, int threads) {
        try {
            List<ComputeDevice> devices = ComputeEngine.start().devices(device);
            TextModelOptions how = TextModelOptions.on(devices.toArray(ComputeDevice[]::new));
            return threads < 1 ? how : how.withThreads(threads);
        } catch (DeviceException e) {
            throw new BenchException(String.valueOf(e.getMessage()));
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String option, String word) {
        String name = word.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchException(option + " is " + word + "; allowed are "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant ->
                                        constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .toList()));
    }
}
