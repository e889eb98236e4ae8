package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/** MPNet (Song et al., 2020): BERT without token types, whose attention also knows how far apart two tokens are. */
final class MpNetArchitecture implements Architecture {
    private static final String DEFAULTS = """
            {"vocab_size": 30527, "relative_attention_num_buckets": 32}""";

    /** Where positions begin, whichever id pads. */
    private static final int POSITIONS_FROM = 1;

    /** The buckets of distances, 16 each way, whatever the configuration says. */
    private static final int BUCKETS = 32;

    @Override
    public String modelType() {
        return "mpnet";
    }

    @Override
    public int padTokenId() {
        return 1;
    }

    @Override
    public Encoder encoder(ConfigReader given) {
        ConfigReader config = given.orElse(DEFAULTS);
        int buckets = config.size("relative_attention_num_buckets");
        if (buckets < BUCKETS) {
            throw config.wrong(
                    "relative_attention_num_buckets",
                    String.valueOf(buckets),
                    "transformers computes with " + BUCKETS + " always, and fails with fewer");
        }
        return new MpNet(BertLayers.read(config, "mpnet.").withoutTokenTypes(), buckets);
    }

    private record MpNet(BertLayers layers, int buckets) implements BertRelative {
        /** From how far on a distance is in the next bucket: one by one at first, then by factors of √2. */
        private static final List<Integer> DISTANCES = List.of(1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91);

        @Override
        public String className() {
            return "MPNet";
        }

        @Override
        public ModelConfig.Sizes sizes() {
            return layers.sizes(layers.embeddings().longestFromPadding(POSITIONS_FROM));
        }

        @Override
        public double headDropout() {
            return layers.dropout();
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            Value x = layers.embeddings().countedFromPadding(script, POSITIONS_FROM);
            Value all = mask(script);
            for (int i = 0; i < layers.layers(); i++) {
                String layer = layers.prefix() + "encoder.layer." + i + ".";
                String attention = layer + "attention.attn.";
                OutputTokens asking = wanted.ofBlock(i, layers.layers());
                Value mask = asking == OutputTokens.ALL ? all : script.let("torch.slice(%s, 2, 0, 1, 1)", all);
                x = layers.block(
                        script,
                        x,
                        mask,
                        List.of(attention + "q", attention + "k", attention + "v"),
                        layers.afterAttention(names(layer)),
                        asking);
            }
            return x;
        }

        private static PostNormBlock.Names names(String layer) {
            return new PostNormBlock.Names(
                    layer + "attention.attn.o",
                    layer + "attention.LayerNorm",
                    layer + "intermediate.dense",
                    layer + "output.dense",
                    layer + "output.LayerNorm");
        }

        /** The bias of each head for the distance between two tokens, and the mask of the padding: {@code [rows, heads, width, width]}. */
        private Value mask(ForwardScript script) {
            Value places = script.places();
            Value ahead = script.let("torch.sub(torch.unsqueeze(%1$s, 0), torch.unsqueeze(%1$s, 1))", places);
            Value edges = script.let("torch.tensor(%s, dtype=4, device=%s)", DISTANCES, script.device());
            Value far = script.let("torch.bucketize(torch.abs(%s), %s, out_int32=False, right=True)", ahead, edges);
            Value bucket = script.let("torch.add(%s, torch.mul(torch.gt(%s, 0), %d))", far, ahead, BUCKETS / 2);
            Value added = script.embedding(
                    layers.prefix() + "encoder.relative_attention_bias", buckets, layers.heads(), bucket);
            Value byHead = script.let(
                    "torch.contiguous(torch.unsqueeze(torch.permute(torch.to(%s, %d), [2, 0, 1]), 0))",
                    added, script.computeCode());
            return script.let("torch.masked_fill(%s, torch.logical_not(%s), -inf)", byHead, script.keys());
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            return Classifiers.ofFirstToken(script, states, layers.hidden(), labels, Activation.TANH, headDropout());
        }
    }
}
