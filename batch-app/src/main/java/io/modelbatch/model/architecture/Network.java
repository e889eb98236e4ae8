package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import io.modelbatch.model.script.Parameter;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The computation of a model for a task: an encoder, and the head on it. */
public final class Network {
    private final Encoder encoder;
    private final Head head;

    private Network(Encoder encoder, Head head) {
        this.encoder = encoder;
        this.head = head;
    }

    /** The encoder that a configuration describes, under a head. */
    public static Network of(ModelConfig config, Head head) {
        return new Network(config.encoder(), head);
    }

    /** The tensors that it reads, those of the head last. */
    public List<Parameter> parameters() {
        return written(this::write).parameters();
    }

    /** Those that the encoder reads. */
    public List<Parameter> encoderParameters() {
        return written(script -> encoder.states(script, OutputTokens.ALL)).parameters();
    }

    /** Multiplications of its dense layers for each token, padding included: nearly all of its work. */
    public long multiplicationsPerToken() {
        return written(this::write).multiplications();
    }

    private static ForwardScript written(Consumer<ForwardScript> writing) {
        ForwardScript script = new ForwardScript(new ArchiveVariant.Training(Dtype.FLOAT32));
        writing.accept(script);
        return script;
    }

    /**
     * The names under which files have been seen to hold a tensor, most usual first. A bare encoder was saved without the prefix;
     * checkpoints that began in TensorFlow call a norm's numbers gamma, beta.
     */
    public List<String> fileNames(String name) {
        List<String> names = new ArrayList<>(List.of(name));
        names.addAll(encoder.aliases(name));
        Set<String> all = new LinkedHashSet<>(names);
        for (String candidate : names) {
            if (candidate.startsWith(encoder.prefix())) {
                all.add(candidate.substring(encoder.prefix().length()));
            }
        }
        for (String candidate : List.copyOf(all)) {
            all.add(candidate
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta"));
        }
        return List.copyOf(all);
    }

    /**
     * The module {@code forward(input_ids, attention_mask, token_type_ids: int64 [rows, width])}. The mask is 1 on tokens and 0 on
     * padding; every row has a token. What it returns is float32, in the shape that the {@link Head} says.
     *
     * @param weights a tensor for each of {@link #parameters}
     */
    public ScriptModule script(Map<String, Tensor> weights, ArchiveVariant variant) {
        ForwardScript script = new ForwardScript(variant);
        return script.module(write(script), weights);
    }

    private Value write(ForwardScript script) {
        if (head instanceof Head.TextClassification texts) {
            Value states = encoder.states(script, encoder.classified());
            return encoder.classification(script, states, texts.labels().size());
        } else if (head instanceof Head.TokenClassification tokens) {
            return encoder.tokenClassification(
                    script,
                    encoder.states(script, OutputTokens.ALL),
                    tokens.labels().size());
        }
        Head.Embedding embedding = (Head.Embedding) head;
        return PoolingHead.embedding(script, encoder.states(script, PoolingHead.tokens(embedding)), embedding);
    }
}
