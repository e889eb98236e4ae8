package io.modelbatch.bench;

import io.modelbatch.model.NewModel;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/** A model of a common size with random weights, and rows for it: what it costs does not depend on what it says. */
enum StandardModel {
    /** As all-MiniLM-L6-v2: 6 blocks of 384 numbers. */
    MINILM(6, 384, 4_000),
    /** As bert-base: 12 blocks of 768 numbers. */
    BERT_BASE(12, 768, 500);

    private static final int HEADS = 12;
    private static final int VOCABULARY = 30_522;
    private static final int POSITIONS = 512;
    private static final int WORDS = 6_000;
    /** Of the logarithm of a text's tokens: half of the texts have fewer than 50. */
    private static final double MEAN = Math.log(50);

    private static final double DEVIATION = 0.8;
    private static final long SEED = 7;

    private final int layers;
    private final int hidden;
    private final int rows;

    StandardModel(int layers, int hidden, int rows) {
        this.layers = layers;
        this.hidden = hidden;
        this.rows = rows;
    }

    /** The model's directory, which is written once. */
    Path write(Path folder) throws IOException {
        Path directory = folder.resolve(name().toLowerCase(java.util.Locale.ROOT));
        if (!Files.exists(directory)) {
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("architectures", List.of("BertForSequenceClassification"));
            config.put("model_type", "bert");
            config.put("vocab_size", VOCABULARY);
            config.put("hidden_size", hidden);
            config.put("num_hidden_layers", layers);
            config.put("num_attention_heads", HEADS);
            config.put("intermediate_size", 4 * hidden);
            config.put("max_position_embeddings", POSITIONS);
            config.put("id2label", Map.of("0", "a", "1", "b", "2", "c", "3", "d"));
            NewModel.write(directory, JsonMapper.shared().writeValueAsString(config), tokenizer(), SEED);
        }
        return directory;
    }

    private static String tokenizer() {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
            vocabulary.put(special, vocabulary.size());
        }
        for (int i = 0; i < WORDS; i++) {
            vocabulary.put(word(i), vocabulary.size());
        }
        Map<String, Object> cls = Map.of("SpecialToken", Map.of("id", "[CLS]", "type_id", 0));
        Map<String, Object> sep = Map.of("SpecialToken", Map.of("id", "[SEP]", "type_id", 0));
        Map<String, Object> text = Map.of("Sequence", Map.of("id", "A", "type_id", 0));
        Map<String, Object> second = Map.of("Sequence", Map.of("id", "B", "type_id", 0));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("pre_tokenizer", Map.of("type", "Whitespace"));
        json.put(
                "post_processor",
                Map.of(
                        "type", "TemplateProcessing",
                        "single", List.of(cls, text, sep),
                        "pair", List.of(cls, text, sep, second, sep),
                        "special_tokens",
                                Map.of(
                                        "[CLS]", Map.of("id", "[CLS]", "ids", List.of(2), "tokens", List.of("[CLS]")),
                                        "[SEP]",
                                                Map.of("id", "[SEP]", "ids", List.of(3), "tokens", List.of("[SEP]")))));
        json.put("model", Map.of("type", "WordLevel", "unk_token", "[UNK]", "vocab", vocabulary));
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static String word(int number) {
        return "w" + number;
    }

    /** The rows' file, which is written once: texts of log-normal lengths. */
    Path rows(Path directory) throws IOException {
        Path file = directory.resolveSibling(directory.getFileName() + "-rows.jsonl");
        if (!Files.exists(file)) {
            Random random = new Random(SEED);
            try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                for (int row = 0; row < rows; row++) {
                    out.write("{\"id\": " + row + ", \"text\": \"" + text(random) + "\"}\n");
                }
            }
        }
        return file;
    }

    private static String text(Random random) {
        int tokens = (int) Math.exp(MEAN + DEVIATION * random.nextGaussian());
        int words = Math.max(1, Math.min(POSITIONS, tokens) - 2);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            all.add(word(random.nextInt(WORDS)));
        }
        return String.join(" ", all);
    }
}
