package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** DeBERTa V2 and V3 (He et al., 2020 and 2021) as transformers' {@code DebertaV2Model} computes them. */
final class DebertaV2Architecture implements Architecture {
    private static final String PREFIX = "deberta.";

    @Override
    public String modelType() {
        return "deberta-v2";
    }

    @Override
    public Encoder encoder(ConfigReader config) {
        double dropout = config.share("hidden_dropout_prob", 0.1);
        int hidden = config.size("hidden_size");
        return new Deberta(
                DebertaEmbeddings.read(config, PREFIX + "embeddings."),
                attention(config, dropout),
                DebertaConvolution.read(config, PREFIX + "encoder.conv."),
                config.size("num_hidden_layers"),
                config.size("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.real("layer_norm_eps", 1e-7, 1),
                config.real("initializer_range", 0.02, 100),
                new Heads(
                        hidden,
                        config.activation("pooler_hidden_act", "gelu"),
                        config.share("pooler_dropout", 0),
                        config.share("cls_dropout", dropout),
                        dropout));
    }

    private static DisentangledAttention attention(ConfigReader config, double dropout) {
        int hidden = config.size("hidden_size");
        int heads = config.divisor("num_attention_heads", "hidden_size");
        int each = config.natural("attention_head_size", hidden / heads, 1);
        if (each != hidden / heads) {
            throw config.wrong(
                    "attention_head_size",
                    String.valueOf(each),
                    "hidden_size is " + hidden + ", and " + heads + " heads share it");
        }
        Optional<RelativePositions> positions = config.flag("relative_attention", false)
                ? Optional.of(RelativePositions.read(config, PREFIX + "encoder."))
                : Optional.empty();
        return new DisentangledAttention(
                hidden,
                heads,
                terms(config),
                positions,
                config.flag("share_att_key", false)
                        ? DisentangledAttention.Projections.SHARED
                        : DisentangledAttention.Projections.OWN,
                dropout,
                config.share("attention_probs_dropout_prob", 0.1));
    }

    private static Set<DisentangledAttention.Term> terms(ConfigReader config) {
        Set<DisentangledAttention.Term> terms = EnumSet.noneOf(DisentangledAttention.Term.class);
        for (String name : config.textsOf("pos_att_type")) {
            if (!List.of("c2p", "p2c").contains(name)) {
                throw config.wrong("pos_att_type", name, "supported are c2p and p2c");
            }
            terms.add(DisentangledAttention.Term.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return terms;
    }

    /** The parts of its heads for texts and tokens. */
    private record Heads(
            int hidden, Activation poolerActivation, double poolerDropout, double classifierDropout, double dropout) {}

    private record Deberta(
            DebertaEmbeddings embeddings,
            DisentangledAttention attention,
            Optional<DebertaConvolution> convolution,
            int layers,
            int intermediate,
            Activation activation,
            double eps,
            double initializerRange,
            Heads heads)
            implements Encoder {
        @Override
        public String className() {
            return "DebertaV2";
        }

        @Override
        public ModelConfig.Sizes sizes() {
            return new ModelConfig.Sizes(
                    embeddings.vocabulary(), embeddings.positions(), embeddings.hidden(), embeddings.tokenTypes());
        }

        @Override
        public String prefix() {
            return PREFIX;
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            Value embedded = embeddings.write(script);
            Value x = embedded;
            for (int i = 0; i < layers; i++) {
                String layer = PREFIX + "encoder.layer." + i + ".";
                boolean mixes = i == 0 && convolution.isPresent();
                OutputTokens asking = mixes ? OutputTokens.ALL : wanted.ofBlock(i, layers);
                Value attended = attention.write(script, x, layer + "attention.self.");
                PostNormBlock rest = new PostNormBlock(
                        PostNormBlock.Names.bert(layer),
                        heads.hidden(),
                        intermediate,
                        activation,
                        eps,
                        heads.dropout());
                x = rest.write(script, asking.of(script, x), asking.of(script, attended));
                if (mixes) {
                    x = convolution.orElseThrow().write(script, embedded, x);
                }
            }
            return x;
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            Value first = script.dropout(Classifiers.firstToken(script, states), heads.poolerDropout());
            Value dense = script.headDense(first, Dense.named("pooler.dense", heads.hidden(), heads.hidden()));
            Value pooled = script.let(heads.poolerActivation().script(dense));
            return script.headDense(
                    script.dropout(pooled, heads.classifierDropout()),
                    Dense.named("classifier", labels, heads.hidden()));
        }

        @Override
        public Value tokenClassification(ForwardScript script, Value states, int labels) {
            return Classifiers.ofTokens(script, states, heads.hidden(), labels, heads.dropout());
        }
    }
}
