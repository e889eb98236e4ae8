package io.modelbatch.facts;

/**
 * The model that a step used.
 *
 * @param address where it is, with a version in place of {@code latest}
 * @param sha256 the SHA-256 over its files
 */
public record UsedModel(String address, String sha256) {}
