package io.modelbatch.model.architecture;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.ModelException;
import java.util.List;

/** The families of models that are known here. */
final class Architectures {
    private static final List<Architecture> KNOWN = List.of(
            new BertArchitecture(),
            new RobertaArchitecture("roberta", "Roberta", 50_265),
            new RobertaArchitecture("camembert", "Camembert", 30_522),
            new RobertaArchitecture("xlm-roberta", "XLMRoberta", 30_522),
            new DistilBertArchitecture(),
            new ElectraArchitecture(),
            new MpNetArchitecture(),
            new AlbertArchitecture(),
            new DebertaV2Architecture(),
            new ModernBertArchitecture());

    private Architectures() {}

    /** The family of that {@code model_type}. */
    static Architecture named(String modelType, DisplayPath file) {
        return KNOWN.stream()
                .filter(known -> known.modelType().equals(modelType))
                .findFirst()
                .orElseThrow(() -> new ModelException(file + ": model_type is " + modelType + "; supported are "
                        + KNOWN.stream().map(Architecture::modelType).toList()
                        + ". Another model that answers in one pass runs as a TorchScript archive of your own: see"
                        + " docs/models.md. One that writes texts, such as T5 or GPT, does not run here"));
    }
}
