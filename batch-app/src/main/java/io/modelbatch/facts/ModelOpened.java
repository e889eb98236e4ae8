package io.modelbatch.facts;

/**
 * A step that has opened its model and has not ended.
 *
 * @param usedModel the model
 */
public record ModelOpened(UsedModel usedModel) implements Facts {}
