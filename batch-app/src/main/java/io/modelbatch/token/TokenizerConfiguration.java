package io.modelbatch.token;

import java.util.Arrays;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps between text and tokens as the classes of Hugging Face transformers 5.23 make them, in the format of {@code
 * tokenizer.json}. Where {@code tokenizer_config.json} says nothing, the classes' defaults hold.
 */
final class TokenizerConfiguration {
    private static final String UNDERLINE = "\u2581";

    private final TokenizerFiles files;
    private final Vocabulary vocabulary;
    private final String unknown;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private TokenizerConfiguration(TokenizerFiles files, Vocabulary vocabulary, String unknown) {
        this.unknown = unknown;
        this.files = files;
        this.vocabulary = vocabulary;
        json.setAll(files.tokenizer());
    }

    /** A {@code tokenizer.json} that does what the class does, and neither truncates nor pads. */
    static ObjectNode of(TokenizerClass tokenizerClass, TokenizerFiles files, Vocabulary vocabulary) {
        TokenizerConfiguration pipeline = new TokenizerConfiguration(files, vocabulary, tokenizerClass.unknown(files));
        switch (tokenizerClass) {
            case GENERAL -> {}
            case BERT, DISTILBERT -> pipeline.bert();
            case MPNET -> pipeline.mpnet();
            case ROBERTA -> pipeline.roberta();
            case XLM_ROBERTA -> pipeline.xlmRoberta();
            case CAMEMBERT -> pipeline.camembert();
            case ALBERT -> pipeline.albert();
            case DEBERTA_V2 -> pipeline.debertaV2();
        }
        pipeline.json.set("added_tokens", AddedTokens.of(files, vocabulary));
        pipeline.json.putNull("truncation").putNull("padding");
        return pipeline.json;
    }

    /** Puts texts into lower case before all else, unless a step of its own does it: as sentence-transformers has it. */
    static void lowercaseFirst(ObjectNode json) {
        JsonNode normalizer = json.path("normalizer");
        JsonNode steps = normalizer.path("normalizers");
        ArrayNode all = json.arrayNode();
        if (steps.isArray()) {
            steps.forEach(all::add);
        } else if (normalizer.isObject()) {
            all.add(normalizer);
        }
        if (all.valueStream().noneMatch(step -> step.path("type").asString("").equals("Lowercase"))) {
            all.insert(0, json.objectNode().put("type", "Lowercase"));
            json.putObject("normalizer").put("type", "Sequence").set("normalizers", all);
        }
    }

    private void bert() {
        wordPiece();
        framed(special("cls_token", "[CLS]"), special("sep_token", "[SEP]"), Between.ONE, 1);
    }

    private void mpnet() {
        wordPiece();
        framedAsRoberta(true, false);
    }

    private void wordPiece() {
        model("WordPiece")
                .put("unk_token", unknown)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        JsonNode accents = files.config().path("strip_accents");
        part("normalizer", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", files.flag("tokenize_chinese_chars", true))
                .put("lowercase", files.flag("do_lower_case", true))
                .set("strip_accents", accents.isBoolean() ? accents : json.nullNode());
        part("pre_tokenizer", "BertPreTokenizer");
        part("decoder", "WordPiece").put("prefix", "##").put("cleanup", true);
    }

    private void roberta() {
        model("BPE")
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "")
                .put("fuse_unk", false);
        boolean space = files.flag("add_prefix_space", false);
        json.putNull("normalizer");
        byteLevel("pre_tokenizer", space);
        byteLevel("decoder", true);
        framedAsRoberta(files.flag("trim_offsets", true), space);
    }

    private void byteLevel(String name, boolean space) {
        part(name, "ByteLevel")
                .put("add_prefix_space", space)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private void xlmRoberta() {
        unigram(3);
        json.set("normalizer", precompiled());
        metaspaced("never", step("WhitespaceSplit"));
        framed(special("bos_token", "<s>"), special("eos_token", "</s>"), Between.TWO, 0);
    }

    private void camembert() {
        unigram(vocabulary.id(unknown).orElse(0));
        json.set("normalizer", precompiled());
        metaspaced("never", step("WhitespaceSplit"));
        framed(special("bos_token", "<s>"), special("eos_token", "</s>"), Between.TWO, 0);
    }

    private void albert() {
        unigram(1);
        ArrayNode steps = json.arrayNode().add(replace("String", "``", "\"")).add(replace("String", "''", "\""));
        if (!files.flag("keep_accents", false)) {
            steps.add(step("NFKD")).add(step("StripAccents"));
        }
        if (files.flag("do_lower_case", true)) {
            steps.add(step("Lowercase"));
        }
        JsonNode charsmap = precompiled();
        if (charsmap.isObject()) {
            steps.add(charsmap);
        }
        part("normalizer", "Sequence").set("normalizers", steps);
        metaspaced("never", step("WhitespaceSplit"));
        if (!json.path("post_processor").isObject()) {
            framed(special("cls_token", "[CLS]"), special("sep_token", "[SEP]"), Between.ONE, 1);
        }
    }

    private void debertaV2() {
        unigram(unknownOfDebertaV2());
        ArrayNode steps = json.arrayNode();
        if (files.flag("do_lower_case", false)) {
            steps.add(step("Lowercase"));
        }
        steps.add(replace("Regex", "\\s{2,}|[\\n\\r\\t]", " "))
                .add(step("NFC"))
                .add(step("Strip").put("strip_left", false).put("strip_right", true));
        part("normalizer", "Sequence").set("normalizers", steps);
        if (files.flag("split_by_punct", false)) {
            metaspaced("first", step("Punctuation").put("behavior", "Isolated"));
        } else {
            metaspaced("first");
        }
        framed(special("cls_token", "[CLS]"), special("sep_token", "[SEP]"), Between.ONE, 1);
    }

    /** An unknown token counts only with a score of 0. */
    private int unknownOfDebertaV2() {
        int stated = files.config().path("unk_id").asInt(1);
        JsonNode all = files.tokenizer().path("model").path("vocab");
        int id = vocabulary.id(unknown).orElse(stated);
        return all.path(id).path(1).asDouble(-1) == 0 ? id : stated;
    }

    private void unigram(int unknown) {
        model("Unigram").put("unk_id", unknown).put("byte_fallback", false);
    }

    /** A model of this type with the file's vocabulary and nothing else of the file's. */
    private ObjectNode model(String type) {
        JsonNode old = files.tokenizer().path("model");
        if (!old.path("type").asString(type).equals(type)) {
            throw files.refused("tokenizer_class is one of a " + type + " model, and tokenizer.json holds a "
                    + old.path("type").asString() + " model; PreTrainedTokenizerFast takes tokenizer.json as it is");
        }
        ObjectNode model = part("model", type);
        model.set("vocab", old.path("vocab"));
        if (old.has("merges")) {
            model.set("merges", old.path("merges"));
        }
        return model;
    }

    /** The file's own map from characters to characters, as SentencePiece has them; null when it has none. */
    private JsonNode precompiled() {
        JsonNode normalizer = files.tokenizer().path("normalizer");
        JsonNode steps = normalizer.path("normalizers");
        return StreamSupport.stream((steps.isArray() ? steps : json.arrayNode().add(normalizer)).spliterator(), false)
                .filter(step -> step.path("type").asString("").equals("Precompiled"))
                .findFirst()
                .orElse(json.nullNode());
    }

    private void metaspaced(String without, ObjectNode... before) {
        String scheme = files.flag("add_prefix_space", true) ? "always" : without;
        ArrayNode steps = part("pre_tokenizer", "Sequence").putArray("pretokenizers");
        Arrays.stream(before).forEach(steps::add);
        steps.add(metaspace(step("Metaspace"), scheme));
        metaspace(part("decoder", "Metaspace"), scheme);
    }

    private static ObjectNode metaspace(ObjectNode step, String scheme) {
        return step.put("replacement", UNDERLINE).put("prepend_scheme", scheme).put("split", true);
    }

    private ObjectNode replace(String kind, String what, String by) {
        ObjectNode step = step("Replace").put("content", by);
        step.putObject("pattern").put(kind, what);
        return step;
    }

    private ObjectNode part(String name, String type) {
        return json.putObject(name).put("type", type);
    }

    private ObjectNode step(String type) {
        return json.objectNode().put("type", type);
    }

    /** The special token of a role, and its id. */
    private Special special(String role, String otherwise) {
        String token = files.special(role).orElse(otherwise);
        return new Special(
                token,
                vocabulary
                        .id(token)
                        .orElseThrow(() -> files.refused(role + " is " + token + ", which is not in tokenizer.json")));
    }

    private void framedAsRoberta(boolean trim, boolean space) {
        ObjectNode frame = part("post_processor", "RobertaProcessing")
                .put("trim_offsets", trim)
                .put("add_prefix_space", space);
        special("sep_token", "</s>").into(frame.putArray("sep"));
        special("cls_token", "<s>").into(frame.putArray("cls"));
    }

    /** The first token before the first text; the last behind each text, and where that is usual twice between them. */
    private void framed(Special first, Special last, Between between, int secondType) {
        ObjectNode frame = part("post_processor", "TemplateProcessing");
        ArrayNode single = frame.putArray("single");
        ArrayNode pair = frame.putArray("pair");
        for (ArrayNode template : new ArrayNode[] {single, pair}) {
            first.into(template, 0);
            sequence(template, "A", 0);
            last.into(template, 0);
        }
        if (between == Between.TWO) {
            last.into(pair, secondType);
        }
        sequence(pair, "B", secondType);
        last.into(pair, secondType);
        first.declareIn(frame.withObject("special_tokens"));
        last.declareIn(frame.withObject("special_tokens"));
    }

    private static void sequence(ArrayNode template, String name, int type) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }

    /** The number of special tokens between the texts of a pair. */
    private enum Between {
        ONE,
        TWO
    }

    private record Special(String token, int id) {
        void into(ArrayNode pair) {
            pair.add(token).add(id);
        }

        void into(ArrayNode template, int type) {
            template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        }

        void declareIn(ObjectNode tokens) {
            ObjectNode one = tokens.putObject(token).put("id", token);
            one.putArray("ids").add(id);
            one.putArray("tokens").add(token);
        }
    }
}
