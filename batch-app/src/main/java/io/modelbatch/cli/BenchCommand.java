package io.modelbatch.cli;

import io.modelbatch.bench.Bench;
import io.modelbatch.bench.BenchOptions;
import io.modelbatch.bench.BenchResult;
import io.modelbatch.run.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures a model on this machine: rows/s, tokens/s, padding, and where the time goes. Without"
                + " --model, measures a standard set.")
final class BenchCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", paramLabel = "DIR|gs://...", description = "a model directory, as job files name it")
    private @Nullable String model;

    @Option(
            names = "--trusted-sha256",
            paramLabel = "HEX",
            description = "SHA-256 of a model that is a TorchScript archive, which is code")
    private @Nullable String trustedSha256;

    @Option(names = "--task", paramLabel = "TASK", description = "what it does (${DEFAULT-VALUE})")
    private String task = "text-classification";

    @Option(names = "--rows", paramLabel = "FILE.jsonl", description = "JSON lines, each an object with a \"text\"")
    private @Nullable Path rows;

    @Option(names = "--threads", paramLabel = "N", description = "cores to compute on (all)")
    private int threads;

    @Option(names = "--dtype", paramLabel = "D", description = "float32, bfloat16, float16 or int8 (${DEFAULT-VALUE})")
    private String dtype = "float32";

    @Option(names = "--device", paramLabel = "D", description = "auto, cpu, gpu or gpu:0 (${DEFAULT-VALUE})")
    private String device = "auto";

    @Option(names = "--out", paramLabel = "DIR", description = "keep the answers, as Parquet files")
    private @Nullable Path out;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    BenchCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter writer = spec.commandLine().getOut();
        List<BenchResult> results = new ArrayList<>();
        boolean hasHome = Files.isDirectory(settings.localHome());
        Path cache = hasHome ? settings.cache() : Files.createTempDirectory("modelbatch-bench-");
        try {
            if (model == null) {
                for (BenchOptions options : BenchOptions.standardSet(cache, device, threads)) {
                    results.add(Bench.local(cache).run(options));
                }
            } else if (rows == null) {
                throw new UsageException("--rows is missing: a file with one JSON object per line, such as"
                        + " {\"id\": 1, \"text\": \"…\"}");
            } else {
                results.add(run(
                        cache,
                        BenchOptions.of(model, task, rows, dtype, device, threads, out)
                                .trusting(trustedSha256)));
            }
        } finally {
            if (!hasHome) {
                FileSystemUtils.deleteRecursively(cache);
            }
        }
        if (json) {
            List<Map<String, @Nullable Object>> all =
                    results.stream().map(BenchCommand::fields).toList();
            writer.println(Json.text(model == null ? all : all.get(0)));
        } else {
            results.forEach(result -> print(result, writer));
        }
        writer.flush();
        return ExitCode.COMPLETED.code();
    }

    /** A folder needs no environment, whose start would count into the time to the first answer. */
    private BenchResult run(Path cache, BenchOptions options) throws IOException {
        if (!options.model().startsWith("gs://")) {
            return Bench.local(cache).run(options);
        }
        if (settings.isLocal() && !Files.isDirectory(settings.localHome())) {
            throw new UsageException("There is no folder " + settings.localHome() + ", where " + options.model()
                    + " would be; " + settings.command(List.of("init")).text() + " writes a sample");
        }
        try (Services services = application.apply(settings)) {
            return services.bench().run(options);
        }
    }

    private static Map<String, @Nullable Object> fields(BenchResult result) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("model", result.model());
        fields.put("dtype", result.dtype());
        fields.put("device", result.device());
        fields.put("token_budget", result.tokenBudget());
        fields.put("rows", result.rows());
        fields.put("rows_s", result.rowsPerSecond());
        fields.put("tokens_s", result.tokensPerSecond());
        fields.put("padding", result.padding());
        fields.put("forward_share", result.forwardShare());
        fields.put("gflops", result.gflops().isPresent() ? result.gflops().getAsDouble() : null);
        fields.put("peak_gflops", result.peakGflops());
        fields.put("first_s", result.firstSeconds());
        fields.put("total_s", result.totalSeconds());
        fields.put("peak_mib", result.peakMib());
        return fields;
    }

    private static void print(BenchResult result, PrintWriter out) {
        out.printf("%s, %s on %s%n", result.model(), result.dtype(), result.device());
        out.printf(
                "  %,d rows: %,.1f rows/s, %,.0f tokens/s; padding %.3f, %,d tokens a pass%n",
                result.rows(),
                result.rowsPerSecond(),
                result.tokensPerSecond(),
                result.padding(),
                result.tokenBudget());
        out.printf(
                "  forward passes %.0f %% of the time, %s of %,.0f GFLOP/s%n",
                100 * result.forwardShare(),
                result.gflops().isPresent() ? "%,.0f".formatted(result.gflops().getAsDouble()) : "an unknown rate",
                result.peakGflops());
        out.printf(
                "  first answers after %.1f s, all after %.1f s; peak memory %,d MiB%n",
                result.firstSeconds(), result.totalSeconds(), result.peakMib());
    }
}
