package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** ModernBERT (Warner et al., 2024) as transformers' {@code ModernBertModel} computes it. */
final class ModernBertArchitecture implements Architecture {
    private static final String THETA = "rope_theta";
    private static final String WHOLE_TEXT = "full_attention";
    private static final String NEARBY = "sliding_attention";

    @Override
    public String modelType() {
        return "modernbert";
    }

    @Override
    public int padTokenId() {
        return 50_283;
    }

    @Override
    public Encoder encoder(ConfigReader config) {
        int hidden = config.size("hidden_size");
        ModernBertLayers layers = new ModernBertLayers(
                "model.",
                config.size("vocab_size"),
                hidden,
                config.divisor("num_attention_heads", "hidden_size"),
                config.size("intermediate_size"),
                config.activation("hidden_activation", "gelu"),
                attention(config),
                new ModernBertLayers.Biases(
                        config.flag("attention_bias", false),
                        config.flag("mlp_bias", false),
                        config.flag("norm_bias", false)),
                config.real("norm_eps", 1e-5, 1),
                new ModernBertLayers.Dropout(
                        config.share("embedding_dropout", 0),
                        config.share("attention_dropout", 0),
                        config.share("mlp_dropout", 0)));
        return new ModernBert(
                layers,
                config.natural("max_position_embeddings", 8192, 1),
                new Heads(
                        pooling(config),
                        new Dense(List.of("head.dense"), hidden, hidden, config.flag("classifier_bias", false)),
                        config.activation("classifier_activation", "gelu"),
                        config.share("classifier_dropout", 0)));
    }

    private static Head.Pooling pooling(ConfigReader config) {
        String name = config.text("classifier_pooling", "cls");
        return switch (name) {
            case "cls" -> Head.Pooling.CLS;
            case "mean" -> Head.Pooling.MEAN;
            default -> throw config.wrong("classifier_pooling", name, "supported are cls and mean");
        };
    }

    /** Named layer by layer, or every so many layers: configurations have been written both ways. */
    private static List<ModernBertLayers.Attention> attention(ConfigReader config) {
        int layers = config.size("num_hidden_layers");
        int every = config.natural("global_attn_every_n_layers", 3, 1);
        List<String> named = config.textsOf("layer_types");
        List<String> kinds = named.isEmpty()
                ? IntStream.range(0, layers)
                        .mapToObj(i -> i % every == 0 ? WHOLE_TEXT : NEARBY)
                        .toList()
                : named;
        if (kinds.size() != layers) {
            throw config.wrong("layer_types", kinds.toString(), "num_hidden_layers is " + layers);
        }
        ModernBertLayers.Attention whole =
                new ModernBertLayers.Attention(rotary(config, WHOLE_TEXT, "global_rope_theta", 160_000), 0);
        ModernBertLayers.Attention near = new ModernBertLayers.Attention(
                rotary(config, NEARBY, "local_rope_theta", 10_000), config.natural("local_attention", 128, 2) / 2);
        return kinds.stream()
                .map(kind -> switch (kind) {
                    case WHOLE_TEXT -> whole;
                    case NEARBY -> near;
                    default ->
                        throw config.wrong("layer_types", kind, "supported are " + WHOLE_TEXT + " and " + NEARBY);
                })
                .toList();
    }

    /** The angles' base, from where either way of writing a configuration has it. Transformers has no default where it says null. */
    private static RotaryPositions rotary(ConfigReader config, String kind, String oldKey, double byDefault) {
        int each = config.size("hidden_size") / config.divisor("num_attention_heads", "hidden_size");
        if (each % 2 != 0) {
            throw config.wrong(
                    "num_attention_heads",
                    String.valueOf(config.size("num_attention_heads")),
                    "each has " + each + " numbers, which must come in pairs");
        }
        ConfigReader scaling = config.section("rope_scaling");
        ConfigReader all = config.section("rope_parameters");
        ConfigReader rope = all.section(kind);
        all.requireKeys("rope_parameters", Set.of(WHOLE_TEXT, NEARBY));
        for (ConfigReader place : List.of(scaling, rope)) {
            String type = place.text("rope_type", place.text("type", "default"));
            if (!type.equals("default")) {
                throw config.wrong("rope_type", type, "only 'default' is supported");
            }
            place.requireKeys("rope_parameters", Set.of("rope_type", "type", THETA));
            place.requireNotNull(THETA);
        }
        if (!scaling.has(THETA) && !rope.has(THETA)) {
            config.requireNotNull(oldKey);
        }
        double theta = rope.real(THETA, config.real(oldKey, byDefault, 1e12), 1e12);
        return new RotaryPositions(scaling.real(THETA, theta, 1e12), each);
    }

    /** The parts of its heads for texts and tokens. */
    private record Heads(Head.Pooling pooling, Dense dense, Activation activation, double dropout) {}

    private record ModernBert(ModernBertLayers layers, int positions, Heads heads) implements Encoder {
        @Override
        public String className() {
            return "ModernBert";
        }

        @Override
        public ModelConfig.Sizes sizes() {
            return new ModelConfig.Sizes(layers.vocabulary(), positions, layers.hidden(), 0);
        }

        /** That of a classifier, which is what most models lack: their head for texts has been learned with masked words. */
        @Override
        public double initializerRange() {
            return 1 / Math.sqrt(layers.hidden());
        }

        @Override
        public String prefix() {
            return layers.prefix();
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            return layers.write(script, wanted);
        }

        @Override
        public OutputTokens classified() {
            return PoolingHead.tokens(pooled());
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            Value text = PoolingHead.embedding(script, states, pooled());
            Value typed = script.learns() ? text : script.let("torch.to(%s, %d)", text, script.computeCode());
            return tokenClassification(script, typed, labels);
        }

        private Head.Embedding pooled() {
            return new Head.Embedding(heads.pooling(), Head.Scale.AS_IT_IS);
        }

        @Override
        public Value tokenClassification(ForwardScript script, Value states, int labels) {
            Value active = script.let(heads.activation().script(script.headDense(states, heads.dense())));
            Value normal = layers.norm(script, active, "head.norm");
            return script.headDense(
                    script.dropout(normal, heads.dropout()), Dense.named("classifier", labels, layers.hidden()));
        }
    }
}
