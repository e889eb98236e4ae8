package io.modelbatch.token;

import java.util.Arrays;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The classes of Hugging Face transformers 5 that models name in {@code tokenizer_class}. All but the general one make the
 * steps between text and tokens again, from {@code tokenizer_config.json}, and take no more than the vocabulary from
 * {@code tokenizer.json}.
 */
enum TokenizerClass {
    /** Takes {@code tokenizer.json} as it is, and feeds no token types whatever it says. */
    GENERAL(false, "", "TokenizersBackend", "PreTrainedTokenizerFast", "PreTrainedTokenizer"),
    BERT(true, "[UNK]", "BertTokenizer", "ElectraTokenizer"),
    DISTILBERT(false, "[UNK]", "DistilBertTokenizer"),
    ROBERTA(false, "<unk>", "RobertaTokenizer"),
    CAMEMBERT(false, "<unk>", "CamembertTokenizer"),
    XLM_ROBERTA(false, "<unk>", "XLMRobertaTokenizer"),
    MPNET(false, "[UNK]", "MPNetTokenizer"),
    ALBERT(false, "<unk>", "AlbertTokenizer"),
    DEBERTA_V2(true, "[UNK]", "DebertaV2Tokenizer");

    private final boolean typed;
    private final String unknown;
    private final Set<String> names;

    TokenizerClass(boolean typed, String unknown, String... names) {
        this.typed = typed;
        this.unknown = unknown;
        this.names = Set.of(names);
    }

    /** The class that {@code AutoTokenizer} would choose. */
    static TokenizerClass of(TokenizerFiles files) {
        String type = files.model().path("model_type").asString("");
        if (type.startsWith("modernbert")) {
            return GENERAL;
        }
        if (!files.config().path("auto_map").path("AutoTokenizer").isMissingNode()) {
            throw files.refused("auto_map names a tokenizer in Python, which cannot run here");
        }
        String own = files.model().path("tokenizer_class").asString("");
        String name = files.config().path("tokenizer_class").asString(own);
        return name.isEmpty() ? ofModel(type) : named(name, files);
    }

    private static TokenizerClass ofModel(String type) {
        return switch (type) {
            case "bert", "electra", "distilbert" -> BERT;
            case "roberta" -> ROBERTA;
            case "camembert" -> CAMEMBERT;
            case "xlm-roberta" -> XLM_ROBERTA;
            case "mpnet" -> MPNET;
            case "albert" -> ALBERT;
            case "deberta-v2" -> DEBERTA_V2;
            default -> GENERAL;
        };
    }

    private static TokenizerClass named(String name, TokenizerFiles files) {
        return Arrays.stream(values())
                .filter(one -> one.names.contains(name) || one.names.contains(name.replaceFirst("Fast$", "")))
                .findFirst()
                .orElseThrow(
                        () -> files.refused("tokenizer_class " + name + " is not supported; PreTrainedTokenizerFast in"
                                + " its place takes tokenizer.json as it is"));
    }

    /** The token that stands for what the vocabulary lacks; empty when there is none. */
    String unknown(TokenizerFiles files) {
        return files.special("unk_token").orElse(unknown);
    }

    /** True if the model takes token types. */
    boolean typed(TokenizerFiles files) {
        JsonNode inputs = files.config().path("model_input_names");
        return inputs.isArray()
                ? inputs.valueStream().anyMatch(input -> input.asString("").equals("token_type_ids"))
                : typed;
    }
}
