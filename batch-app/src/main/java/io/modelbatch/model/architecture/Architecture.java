package io.modelbatch.model.architecture;

/** A family of models that is computed here as transformers computes it. */
interface Architecture {
    /** Its {@code model_type}. */
    String modelType();

    /** The id of padding where the configuration names none. */
    default int padTokenId() {
        return 0;
    }

    /**
     * The encoder that a configuration describes.
     *
     * @throws io.modelbatch.model.tensor.ModelException when it asks for something that is not computed here
     */
    Encoder encoder(ConfigReader config);
}
