package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.script.Precision;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forward passes and nothing else, loaded and batched as {@link TextModel} does, on token ids that others get too. A program without
 * tests: {@code src/bench/compare.py} starts it beside other systems and lets each make its passes in turn, which is why it reads from
 * its input what to do next, a line at a time:
 *
 * <p>{@code pass TOKENS} answers all rows once, in batches of so many tokens, and says how long that took; {@code answers FILE} writes
 * what the last pass said of each row. It answers with a JSON object a line, and ends with its input.
 */
final class ForwardBenchmark {
    private final List<TokenIds> rows;
    private final int rowsOfABlock;
    private final TokenBatcher batcher;
    private final ForwardPasses passes;
    private final float[][] numbers;
    private final Map<Integer, List<Work>> work = new HashMap<>();

    private ForwardBenchmark(List<TokenIds> rows, int rowsOfABlock, TokenBatcher batcher, ForwardPasses passes) {
        this.rows = rows;
        this.rowsOfABlock = rowsOfABlock;
        this.batcher = batcher;
        this.passes = passes;
        this.numbers = new float[rows.size()][];
    }

    /** A batch, and the number of its block's first row. */
    private record Work(int from, TokenBatch batch) {}

    /**
     * Starts it.
     *
     * @param arguments the model's directory, the folder of the cache, a file with an array of token ids a line, the type to compute in,
     *     how many cores, and how many rows are packed into batches together
     */
    public static void main(String[] arguments) throws IOException {
        Path cache = Path.of(arguments[1]);
        ModelRepository models = new ModelRepository(ObjectStores.folder(cache.resolve("no-buckets")), cache);
        TaskModel model = models.open(arguments[0]).forTask(Task.TEXT_CLASSIFICATION);
        Precision precision = Precision.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        ComputeEngine engine = ComputeEngine.start();
        TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU).withThreads(Integer.parseInt(arguments[4]));
        List<InferenceEngine> engines = new ArrayList<>();
        Path archive = LoadEngines.load(model, models, InferenceEngines.pyTorch(), precision, options, engines);
        try (ForwardPasses passes = new ForwardPasses(engines, ForwardPasses.lanesOfEach(options))) {
            ForwardBenchmark benchmark = new ForwardBenchmark(
                    rows(Path.of(arguments[2])),
                    Integer.parseInt(arguments[5]),
                    new TokenBatcher(model.config().padTokenId()),
                    passes);
            print(Map.of("archive", archive.getFileName().toString(), "engine", engine.version()));
            benchmark.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    private static List<TokenIds> rows(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> JsonMapper.shared().readValue(line, int[].class))
                .map(ids -> new TokenIds(ids, new int[ids.length]))
                .toList();
    }

    private void obey(BufferedReader commands) throws IOException {
        for (String command; (command = commands.readLine()) != null; ) {
            String[] words = command.split(" ", 2);
            if (words[0].equals("pass")) {
                List<Work> batches = work.computeIfAbsent(Integer.valueOf(words[1]), this::pack);
                double seconds = pass(batches);
                print(Map.of("seconds", seconds, "shapes", shapes(batches)));
            } else {
                Files.writeString(Path.of(words[1]), JsonMapper.shared().writeValueAsString(numbers));
                print(Map.of("rows", numbers.length));
            }
        }
    }

    private List<Work> pack(int tokenBudget) {
        List<Work> all = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += rowsOfABlock) {
            List<TokenIds> block = rows.subList(from, Math.min(rows.size(), from + rowsOfABlock));
            for (TokenBatch batch : batcher.pack(block, () -> tokenBudget)) {
                all.add(new Work(from, batch));
            }
        }
        return all;
    }

    private double pass(List<Work> batches) {
        long start = System.nanoTime();
        CompletableFuture.allOf(batches.stream()
                        .map(one -> passes.submit(device -> answer(one, device)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return (System.nanoTime() - start) / 1e9;
    }

    private void answer(Work one, SharedDevice device) {
        float[][] answers = device.run(one.batch()).numbers();
        for (int i = 0; i < answers.length; i++) {
            numbers[one.from() + one.batch().indices().get(i)] = answers[i];
        }
    }

    /** Rows and width of each batch, which shows whether others had the same. */
    private static List<List<Integer>> shapes(List<Work> batches) {
        return batches.stream()
                .map(one -> List.of(one.batch().rows().size(), one.batch().width()))
                .toList();
    }

    private static void print(Map<String, Object> answer) {
        System.out.println(JsonMapper.shared().writeValueAsString(answer));
    }
}
