package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.architecture.ArchiveVariant;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;

class ForwardProbe {
    public static void main(String[] args) throws Exception {
        ComputeEngine engine = ComputeEngine.start();
        int lanes = Integer.getInteger("lanes", 2);
        Path dir = Path.of(System.getProperty("model"));
        List<TokenIds> rows = new ArrayList<>();
        try (Tokenizer tok = Tokenizer.open(dir, 512, OptionalInt.empty())) {
            for (String line :
                    Files.readAllLines(Path.of(System.getProperty("rows"))).subList(0, Integer.getInteger("n", 200))) {
                rows.add(tok.encode(line.replaceAll(".*\"text\": \"(.*)\"}", "$1"), null));
            }
        }
        long tokens = rows.stream().mapToLong(TokenIds::length).sum();
        List<InferenceEngine> engines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Dtype dtype = Dtype.valueOf(System.getProperty("dtype", "FLOAT32"));
        for (var layout : ArchiveVariant.Layout.values()) {
            Path a = Files.createTempDirectory("probe").resolve("m.pt");
            TorchScriptArchive.write(
                    a,
                    PretrainedModel.open(dir)
                            .forTask(Task.TEXT_CLASSIFICATION)
                            .script(new ArchiveVariant.Inference(dtype, layout)));
            engines.add(InferenceEngine.load(a, engine, ComputeDevice.CPU));
            names.add(layout.toString());
        }
        String[] budgets = System.getProperty("budgets", "512,1024,2048").split(",");
        for (int round = 0; round < Integer.getInteger("rounds", 3); round++) {
            for (int e = 0; e < engines.size(); e++) {
                for (String b : budgets) {
                    List<TokenBatch> batches = new TokenBatcher(0).pack(rows, () -> Integer.parseInt(b));
                    var queue = new ConcurrentLinkedQueue<>(batches);
                    InferenceEngine en = engines.get(e);
                    if (round == 0) {
                        en.run(batches.get(batches.size() - 1));
                        en.run(batches.get(batches.size() - 1));
                    }
                    long cpu0 = cpu();
                    long t0 = System.nanoTime();
                    List<Thread> threads = new ArrayList<>();
                    for (int l = 0; l < lanes; l++) {
                        Thread t = new Thread(() -> {
                            ComputeEngine.useThreads(Integer.getInteger("intra", 1));
                            for (TokenBatch x; (x = queue.poll()) != null; ) en.run(x);
                        });
                        t.start();
                        threads.add(t);
                    }
                    for (Thread t : threads) t.join();
                    double wall = (System.nanoTime() - t0) / 1e9, cpu = (cpu() - cpu0) / 1e9;
                    System.out.printf(
                            "round %d %s %s budget %s: %.0f tok/s wall, %.0f tok/cpu-s, padding %.3f%n",
                            round,
                            dtype,
                            names.get(e),
                            b,
                            tokens / wall,
                            tokens / cpu,
                            batches.stream().mapToLong(TokenBatch::paddedTokens).sum() / (double) tokens);
                }
            }
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
