package io.modelbatch;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Job files, rows and a model of a small shop, for tests that do not depend on the details of a job. */
final class SmallShop {
    /** The labels of {@link CommandLine#classifier}. */
    static final List<String> LABELS = List.of("bakery", "dairy", "drinks", "household");

    /** Labels all lines. */
    static final String PREDICT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://results/all" }
              - load: { table: shop.answers }
            """;

    /** Labels the lines up to a day. */
    static final String PREDICT_DAY = """
            description: Labels the lines
            parameters:
              day: { type: date }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE day <= @day", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${day}
              - load: { table: shop.answers }
            """;

    private static final List<String> WORDS =
            List.of("milk", "bread", "tea", "soap", "北海道", "ﾒﾛﾝﾊﾟﾝ", "coffee", "2x", "¥374", "yogurt", "洗剤", "🥛");

    private SmallShop() {}

    /**
     * Labels all lines, in partitions.
     *
     * @param result the folder below {@code gs://results}
     * @param options more options of {@code infer}
     */
    static String predict(int partitions, String result, String options) {
        return """
                steps:
                  - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: %d }
                  - infer: { model: gs://models/tiny, task: text-classification, text: text, to: "gs://results/%s", %s }
                """.formatted(partitions, result, options);
    }

    /** A job that commits often: an inference of so many rows, ten at a time. */
    static String often(int rows) {
        return """
                steps:
                  - extract: { query: "SELECT n AS id, 'milk' AS text FROM UNNEST(GENERATE_ARRAY(1, ROWS)) AS n", key: id }
                  - infer:
                      model: gs://models/tiny
                      task: text-classification
                      text: text
                      to: gs://results/all
                      block: { rows: 10 }
                """.replace("ROWS", String.valueOf(rows));
    }

    /** So many lines, as CSV. */
    static String lines(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> row + ",milk " + row)
                .collect(Collectors.joining("\n", "id,text\n", "\n"));
    }

    /** A command line with the job {@code predict} of a day, three lines and their model. */
    static CommandLine open(Path folder) {
        return new CommandLine(folder)
                .job("predict", PREDICT_DAY)
                .table("shop.lines", "id,text,day\n1,milk,2026-01-01\n2,bread,2026-01-01\n3,tea,2026-01-02\n")
                .classifier("models/tiny");
    }

    /**
     * A job that trains, evaluates and publishes a model.
     *
     * @param condition on the lines to learn from, and on the parameter {@code @n}
     * @param saveSteps optimizer steps between two checkpoints
     * @param publish options of the last step
     */
    static String train(String condition, int saveSteps, String publish) {
        return """
                parameters:
                  n: { type: int64 }
                steps:
                  - extract: { query: "SELECT id, text, label FROM shop.lines WHERE CONDITION", key: id }
                  - train:
                      model: gs://models/tiny
                      task: text-classification
                      text: text
                      label: label
                      num-train-epochs: 1
                      save-steps: STEPS
                  - evaluate: {}
                  - publish: { PUBLISH }
                """.replace("CONDITION", condition)
                .replace("STEPS", String.valueOf(saveSteps))
                .replace("PUBLISH", publish);
    }

    /** One to nine words, in several scripts. */
    static String text(Random random) {
        return random.ints(1 + random.nextInt(9), 0, WORDS.size())
                .mapToObj(WORDS::get)
                .collect(Collectors.joining(" "));
    }
}
